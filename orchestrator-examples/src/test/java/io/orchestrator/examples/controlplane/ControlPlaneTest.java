package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ControlPlaneTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port 70000",
                "--port x",
                "--nonsense",
                "--store h2",
                "--store jdbc:mysql://x/y",
                "--store jdbc:postgresql://127.0.0.1:1/none",
                "--node local",
                "--node =unix:///x",
                "--node local=",
                "--node local=http://10.0.0.1",
                "--node local=unix:relative",
                "--installation No_Such_Name",
                "--api-token-file /no/such/file",
                "--data /proc/no/such/directory",
                "--host 203.0.113.1 --port 0"
            })
    void run_unusableSetting_endsWith2AndOneSentence(String arguments) {
        int status = run(("--data " + directory.resolve("data") + " " + arguments).split(" "));

        assertThat(status).isEqualTo(2);
        assertThat(err.toString().strip()).startsWith("control-plane: ").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void run_help_namesEveryOption() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--host", "--port", "--data", "--store", "--api-token-file", "--node", "--installation")
                .contains("--bucket-image");
    }

    @Test
    void run_storeOfAnotherProcess_saysWhoHasIt() throws Exception {
        ServerSettings settings = TestServer.settings(Files.createDirectory(directory.resolve("first")))
                .store("file")
                .build();
        try (ControlPlaneServer server = ControlPlaneServer.start(settings)) {
            int status = run("--data", settings.data().toString(), "--store", "file", "--port", "0");

            assertThat(server.port()).isPositive();
            assertThat(status).isEqualTo(2);
            assertThat(err.toString())
                    .contains("in use by process " + ProcessHandle.current().pid());
        }
    }

    private int run(String... arguments) {
        CommandLine command = ControlPlane.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }
}
