package io.orchestrator.examples.bucket;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The service as its own process in a small heap, with nothing but this module's classes on its class path. */
final class ChildBucket implements AutoCloseable {
    private static final String READY = "bucket-service listening on port ";

    private final Process process;

    private ChildBucket(Process process) {
        this.process = process;
    }

    static ChildBucket launch(Map<String, String> environment) throws IOException, URISyntaxException {
        Path classes = Path.of(BucketService.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var builder =
                new ProcessBuilder(List.of(java, "-Xmx64m", "-cp", classes.toString(), BucketService.class.getName()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        return new ChildBucket(builder.start());
    }

    /** Waits for the line that says where the service listens; fails with what it said instead. */
    TestBucket awaitReady() throws IOException {
        String line = output().readLine();
        if (line == null || !line.startsWith(READY)) {
            throw new IllegalStateException("the service said '" + line + "'");
        }
        return new TestBucket(Integer.parseInt(line.substring(READY.length())), this::close);
    }

    BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    void terminate() {
        process.destroy();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the service does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
