package io.orchestrator.examples.controlplane;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as users run it: the jar in a Java process of its own. */
final class ServerProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target", "control-plane.jar");
    private static final String LISTENING = "control-plane listening on http://127.0.0.1:";

    private final Process process;
    private final int port;

    private ServerProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it on records in a file and a node of local processes, and waits until it listens. */
    static ServerProcess start(Path directory) throws IOException {
        // a directory relative to where the program runs, as in the documents
        return start(directory, "--store", "file", "--node", "dev=dev-process:nodes");
    }

    /** Starts it with these options beside those that keep it apart from others, and waits until it listens. */
    static ServerProcess start(Path directory, String... options) throws IOException {
        // what a killed process leaves of its temporary files is deleted with the directory
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-jar"));
        command.addAll(List.of(JAR.toAbsolutePath().toString(), "--port", "0"));
        command.addAll(List.of("--data", "data", "--api-token-file", "tokens"));
        command.addAll(List.of(options));
        if (Files.notExists(directory.resolve("tokens"))) {
            TestServer.tokenFile(directory);
        }
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        if (line == null || !line.startsWith(LISTENING)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "the server said '" + line + "' and logged: " + Files.readString(directory.resolve("log")));
        }
        return new ServerProcess(process, Integer.parseInt(line.substring(LISTENING.length())));
    }

    Caller as(String token) {
        return Caller.of(port, token);
    }

    /** Sends SIGTERM; whether the process ended in time. */
    boolean terminate(long seconds) throws InterruptedException {
        process.destroy();
        return process.waitFor(seconds, TimeUnit.SECONDS);
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
