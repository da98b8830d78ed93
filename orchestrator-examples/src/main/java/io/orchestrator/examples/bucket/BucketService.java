package io.orchestrator.examples.bucket;

import java.io.UncheckedIOException;

/** The bucket service as a program: its settings come from the environment, see {@link BucketServer#start}. */
public final class BucketService {
    private BucketService() {}

    /** Starts the service and returns; the process ends with SIGTERM, or with status 2 if it cannot start. */
    public static void main(String[] arguments) {
        try {
            BucketServer server = BucketServer.start(System.getenv());
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "orchestrator-bucket-stop"));
            System.out.println("bucket-service listening on port " + server.port());
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }
}
