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
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-jar"));
        command.addAll(List.of(JAR.toAbsolutePath().toString(), "--port", "0", "--store", "file"));
        // a directory relative to where the program runs, as in the documents
        command.addAll(List.of("--data", "data", "--api-token-file", "tokens", "--node", "dev=dev-process:nodes"));
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
