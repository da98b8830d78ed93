package io.orchestrator.examples.demo;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ExecResult;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.examples.controlplane.ControlPlaneServer;
import io.orchestrator.examples.controlplane.NativeLibraries;
import io.orchestrator.examples.controlplane.ServerSettings;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.bucket.Bucket;
import io.orchestrator.service.bucket.BucketContent;
import io.orchestrator.service.bucket.BucketSpec;
import io.orchestrator.service.bucket.ReferenceBucket;
import io.orchestrator.terminal.TerminalSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs every part once on this machine: a control plane, a container, a bucket, a terminal; then cleans up. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Launches a container and a bucket service on this machine, uses them, and cleans up.")
public final class Demo implements Callable<Integer> {
    private static final String BUCKET_IMAGE = "orchestrator/bucket-service:demo";
    private static final Duration TERMINAL_LIMIT = Duration.ofSeconds(30);

    @Option(names = "--stay", description = "keep serving after the last step, until interrupted")
    private boolean stay;

    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on (any free one)")
    private int port;

    @Option(
            names = "--base-image",
            paramLabel = "NAME",
            description = "image with Java 17 and a shell to use on a container engine")
    private @Nullable String baseImage;

    private long began = System.nanoTime();
    private @Nullable ControlPlaneServer server;
    private boolean cleanedUp;
    private volatile boolean interrupted;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = Files.createTempDirectory("orchestrator-demo-");
        NativeLibraries.unpackBelow(data);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> interrupt(data), "demo-stop"));
        boolean done = false;
        try {
            done = run(data);
        } catch (OrchestratorException failure) {
            System.out.println("failed: " + failure.getMessage());
        } catch (RuntimeException failure) {
            // what it uses is taken away under it by an interrupt
            if (!interrupted) {
                throw failure;
            }
        } finally {
            done &= cleanUp(data);
            next();
        }
        return done ? 0 : 1;
    }

    private boolean run(Path data) throws IOException, InterruptedException {
        DemoNode node = DemoNode.choose(
                System.getenv(), data.resolve("processes"), BUCKET_IMAGE, Optional.ofNullable(baseImage));
        step("found " + node.engine() + " at " + node.uri()
                + (node.isolated() ? "" : " (for development only: it isolates nothing)"));
        ServerSettings settings = ServerSettings.builder(data)
                .port(port)
                .installation("demo-" + Long.toString(System.nanoTime() & 0xffffff, 36))
                .bucketImage(BUCKET_IMAGE)
                .node("local=" + node.uri())
                .build();
        ControlPlaneServer running = begin(() -> server = ControlPlaneServer.start(settings));
        step("control plane at http://127.0.0.1:" + running.port() + ", its records in a file");
        Container container = launch(running.orchestrator(), node);
        Bucket bucket = begin(
                        () -> running.services().submit(BucketSpec.of(ReferenceBucket.engine(BUCKET_IMAGE), "files")))
                .await(ServiceLaunchers.LAUNCH_TIMEOUT);
        step("bucket service is ready: an authenticated call to it succeeded");
        moveFile(bucket);
        runCommand(container);
        useTerminal(running, container);
        if (stay) {
            stay(running);
        }
        return true;
    }

    private Container launch(Orchestrator orchestrator, DemoNode node) {
        ContainerSpec spec = ContainerSpec.builder(node.containerImage())
                .name("demo")
                .idempotencyKey("demo-container")
                .command("sh", "-c", "echo hello from a container; exec sleep 86400")
                .cpus(0.5)
                .memoryMib(64)
                .build();
        Container container =
                begin(() -> orchestrator.containers().submit(spec)).await(ContainerLauncher.LAUNCH_TIMEOUT);
        step("container '" + container.id() + "' runs");
        return container;
    }

    /** Begins what must be taken back, unless that is done already. */
    private synchronized <T> T begin(Supplier<T> what) {
        if (cleanedUp) {
            throw new OrchestratorException(ErrorCode.CANCELLED, "the demo was interrupted");
        }
        return what.get();
    }

    private void moveFile(Bucket bucket) throws IOException {
        byte[] file = new byte[1 << 20];
        new Random(42).nextBytes(file);
        bucket.client().upload("demo/one-mebibyte.bin", new ByteArrayInputStream(file));
        step("uploaded a file of 1 MiB");
        try (BucketContent content = bucket.client().download("demo/one-mebibyte.bin")) {
            boolean same = Arrays.equals(file, content.stream().readAllBytes());
            step(same ? "downloaded it: every byte is the same" : "downloaded it: IT DIFFERS");
            if (!same) {
                throw new IOException("the downloaded file differs from the uploaded one");
            }
        }
    }

    private void runCommand(Container container) {
        ExecResult result = container.exec().run(ExecSpec.of("sh", "-c", "echo $((6 * 7))"), TERMINAL_LIMIT);
        step("ran a command: it printed " + result.stdoutText().strip() + " and ended with " + result.exitCode());
    }

    private void useTerminal(ControlPlaneServer server, Container container) throws IOException {
        ScriptedTerminal client = new ScriptedTerminal("stty size; echo in-$((40 + 2)); exit\n");
        TerminalSession session = server.terminals().open(container.id(), TerminalSize.of(100, 30), client);
        var reason = session.closed()
                .orTimeout(TERMINAL_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        boolean sized = client.shown().contains("30 100") && client.shown().contains("in-42");
        step("a shell on a terminal of 100x30 " + (sized ? "answered" : "did NOT answer as expected") + " and ended: "
                + reason);
        if (!sized) {
            throw new IOException("the terminal showed: " + client.shown());
        }
    }

    private void stay(ControlPlaneServer server) throws InterruptedException {
        System.out.println();
        System.out.println("serving until interrupted; try");
        System.out.println("  curl -H \"Authorization: Bearer $(awk '{print $NF}' " + server.tokenFile()
                + ")\" http://127.0.0.1:" + server.port() + "/containers");
        new CountDownLatch(1).await();
    }

    /** Also runs when the demo is over, and then has nothing to do. */
    private void interrupt(Path data) {
        interrupted = true;
        cleanUp(data);
    }

    /**
     * Takes everything back, once: the first caller does it, another one waits. While anything is left the records stay,
     * as nothing else knows what it was.
     */
    private synchronized boolean cleanUp(Path data) {
        if (cleanedUp) {
            return !Files.exists(data);
        }
        cleanedUp = true;
        boolean gone = true;
        if (server != null) {
            gone = Leftovers.remove(
                    server.services(),
                    server.orchestrator().containers(),
                    what -> System.out.println("         " + what));
            server.close();
            step(gone ? "removed the container, the bucket and its volume" : "what is left is recorded in " + data);
        }
        if (gone) {
            delete(data);
        }
        return gone;
    }

    private static void next() {
        System.out.println();
        System.out.println(
                "next: README.md shows the same from your own code; docs/server.md lists the server's routes");
    }

    private void step(String what) {
        long now = System.nanoTime();
        System.out.printf("%6d ms  %s%n", (now - began) / 1_000_000, what);
        began = now;
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the demo's files in " + directory + " could not be deleted", failure);
        }
    }
}
