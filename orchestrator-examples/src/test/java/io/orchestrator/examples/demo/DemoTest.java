package io.orchestrator.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.examples.controlplane.ControlPlane;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as users run it, in a Java process of its own, without a container engine. */
class DemoTest {
    private Path temporary;

    /** Temporary directories may have any name. */
    @BeforeEach
    void nameWithASpace(@TempDir Path directory) throws IOException {
        temporary = Files.createDirectory(directory.resolve("a b"));
    }

    /** Whatever a failed test leaves running. */
    @AfterEach
    void endProcesses() throws IOException {
        processesBelow().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void demo_interruptedBetweenItsSteps_leavesNothing() throws Exception {
        Process demo = start();
        awaitLine(demo, "bucket service is ready");

        demo.destroy();

        assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(processesBelow()).isEmpty();
        assertThat(dataDirectories()).isEmpty();
    }

    @Test
    void demo_stay_servesUntilItIsInterruptedAndLeavesNothing() throws Exception {
        Process demo = start("--stay");
        awaitLine(demo, "serving until interrupted");
        assertThat(processesBelow()).isNotEmpty();

        demo.destroy();

        assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(processesBelow()).isEmpty();
        assertThat(dataDirectories()).isEmpty();
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                ControlPlane.class.getName(),
                "demo"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(temporary.resolve("log").toFile());
        builder.environment().put("DOCKER_HOST", "unix:///no-engine-here.sock");
        return builder.start();
    }

    private static void awaitLine(Process demo, String expected) throws IOException {
        BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.contains(expected)) {
                return;
            }
        }
        throw new IllegalStateException("the demo said: " + said);
    }

    private List<Path> dataDirectories() throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.getFileName().toString().startsWith("orchestrator-demo-"))
                    .toList();
        }
    }

    /** Every process that works below this test's directory: what the demo's node runs. */
    private List<ProcessHandle> processesBelow() {
        return ProcessHandle.allProcesses()
                .filter(process -> workingDirectory(process).startsWith(temporary))
                .toList();
    }

    private static Path workingDirectory(ProcessHandle process) {
        try {
            return Path.of("/proc", Long.toString(process.pid()), "cwd").toRealPath();
        } catch (IOException gone) {
            return Path.of("/");
        }
    }
}
