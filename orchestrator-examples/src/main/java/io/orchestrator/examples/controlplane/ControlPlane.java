package io.orchestrator.examples.controlplane;

import io.orchestrator.examples.demo.Demo;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.bucket.ReferenceBucket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program: reads the command line, starts a {@link ControlPlaneServer} and stops it with SIGTERM. */
@Command(
        name = "control-plane",
        mixinStandardHelpOptions = true,
        versionProvider = ControlPlane.Version.class,
        sortOptions = false,
        subcommands = Demo.class,
        description = "Serves a container control plane over HTTP.")
public final class ControlPlane implements Callable<Integer> {
    private static final int USAGE = 2;
    /** A part that hangs must not keep the process: whatever was begun goes on at the next start. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(9);

    @Option(names = "--host", paramLabel = "ADDRESS", description = "address to listen on (127.0.0.1)")
    private String host = "127.0.0.1";

    @Option(names = "--port", paramLabel = "PORT", description = "port to listen on, 0 for any (9000)")
    private int port = 9_000;

    @Option(names = "--data", paramLabel = "DIR", description = "directory for the server's files (control-plane-data)")
    private Path data = Path.of("control-plane-data");

    @Option(names = "--store", paramLabel = "STORE", description = "memory, file or jdbc:postgresql:… (file)")
    private String store = "file";

    @Option(
            names = "--api-token-file",
            paramLabel = "FILE",
            description = "who may call: 'name role token' per line (made under the data directory)")
    private @Nullable Path tokenFile;

    @Option(
            names = "--node",
            paramLabel = "NAME=URI",
            description = "node to register, such as local=unix:///run/docker.sock or dev=dev-process:DIR; repeatable")
    private List<String> nodes = new ArrayList<>();

    @Option(
            names = "--installation",
            paramLabel = "NAME",
            description = "only what carries it is touched (control-plane)")
    private String installation = "control-plane";

    @Option(
            names = "--bucket-image",
            paramLabel = "NAME",
            description = "image of bucket services (" + ReferenceBucket.IMAGE + ")")
    private String bucketImage = ReferenceBucket.IMAGE;

    private ControlPlane() {}

    /** Runs until SIGTERM; ends with 2 for settings that cannot be used. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new ControlPlane())
                .setParameterExceptionHandler((wrong, args) -> {
                    complain(wrong.getCommandLine(), wrong);
                    return USAGE;
                })
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    if (failure instanceof SetupException || failure instanceof OrchestratorException) {
                        complain(command, failure);
                        return USAGE;
                    }
                    throw failure;
                });
    }

    static String version() {
        // only the jar's manifest states the version: class directories have none
        return Objects.requireNonNullElse(ControlPlane.class.getPackage().getImplementationVersion(), "(unpackaged)");
    }

    @Override
    public Integer call() throws InterruptedException {
        NativeLibraries.unpackBelow(data);
        ServerSettings.Builder settings = ServerSettings.builder(data)
                .host(host)
                .port(port)
                .store(store)
                .installation(installation)
                .bucketImage(bucketImage);
        if (tokenFile != null) {
            settings.tokenFile(tokenFile);
        }
        nodes.forEach(settings::node);
        ControlPlaneServer server = ControlPlaneServer.start(settings.build());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "control-plane-stop"));
        if (tokenFile == null) {
            System.out.println("api token in " + server.tokenFile());
        }
        String shown = host.contains(":") ? "[" + host + "]" : host;
        System.out.println("control-plane listening on http://" + shown + ":" + server.port());
        new CountDownLatch(1).await();
        return 0;
    }

    private static void stop(ControlPlaneServer server) {
        Thread guard = new Thread(
                () -> {
                    try {
                        if (!new CountDownLatch(1).await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                            Runtime.getRuntime().halt(1);
                        }
                    } catch (InterruptedException over) {
                        Thread.currentThread().interrupt();
                    }
                },
                "control-plane-stop-limit");
        guard.setDaemon(true);
        guard.start();
        server.close();
    }

    private static void complain(CommandLine command, Exception failure) {
        command.getErr().println("control-plane: " + failure.getMessage());
    }

    /** Where the command line finds the version. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"orchestrator control plane " + version()};
        }
    }
}
