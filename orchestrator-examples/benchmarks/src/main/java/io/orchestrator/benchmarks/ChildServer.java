package io.orchestrator.benchmarks;

import static io.orchestrator.benchmarks.IncorrectException.require;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The example's control plane in a process of its own, with the engine as its one node. */
final class ChildServer implements AutoCloseable {
    private static final String LISTENING = "control-plane listening on ";
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final Process process;
    private final Path directory;
    private final String address;

    private ChildServer(Process process, Path directory, String address) {
        this.process = process;
        this.directory = directory;
        this.address = address;
    }

    static ChildServer start(Options options, String heapLimit) throws IOException {
        Path directory = Scratch.directory("idle");
        Process process = new ProcessBuilder(
                        tool("java"),
                        "-Xmx" + heapLimit,
                        "-jar",
                        options.server().toString(),
                        "--port",
                        "0",
                        "--data",
                        directory.resolve("data").toString(),
                        "--store",
                        "file",
                        "--installation",
                        "bench-" + ProcessHandle.current().pid(),
                        "--node",
                        "engine=" + options.engine())
                .redirectError(directory.resolve("errors").toFile())
                .start();
        Scratch.atExit(process::destroyForcibly);
        return new ChildServer(process, directory, address(process));
    }

    private static String address(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(LISTENING)) {
                return line.substring(LISTENING.length());
            }
        }
        throw new IncorrectException("the server ended before it listened");
    }

    Path proc() {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    /** Leaves it alone but for the probes of its node. */
    void idle(int seconds) throws InterruptedException {
        require(!process.waitFor(seconds, TimeUnit.SECONDS), "the idle server ended by itself");
    }

    /** Requires that it answers, sees its node, and never ran out of memory. */
    void requireHealthy() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(address + "/health"))
                .timeout(ANSWER)
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        require(answer.body().contains("\"healthy\":1"), "the server or its node is not healthy: " + answer.body());
        String errors = Files.readString(directory.resolve("errors"));
        require(!errors.contains("OutOfMemoryError"), "the server ran out of memory");
    }

    String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        require(jcmd.waitFor() == 0, "jcmd " + command + " failed: " + output);
        return output;
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
