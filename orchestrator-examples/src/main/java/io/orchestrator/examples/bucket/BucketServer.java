package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A running bucket service. Safe for use from several threads; {@link #close()} may be called again.
 *
 * <p>The JDK's server takes its limits from system properties, once per Java process: they are set here unless the operator
 * has set them, and apply to every such server in the process.
 */
public final class BucketServer implements AutoCloseable {
    private static final int THREADS = 40;
    private static final int TRANSFERS = 32;
    private static final int BACKLOG = 128;
    private static final Duration ABORT_TIME = Duration.ofSeconds(1);

    private static final Map<String, String> SERVER_LIMITS = Map.of(
            "sun.net.httpserver.nodelay", "true", // without it a kept-alive GET takes 40 ms more
            "sun.net.httpserver.maxReqHeaders", "64",
            "sun.net.httpserver.maxReqHeaderSize", "16384",
            "sun.net.httpserver.idleInterval", "30",
            "sun.net.httpserver.maxIdleConnections", "100",
            "jdk.httpserver.maxConnections", "200");

    private final ObjectStore store;
    private final PacedPool pool;
    private final BucketHandler handler;
    private final Semaphore transfers = new Semaphore(TRANSFERS);
    private final HttpServer server;
    private final Pace pace;
    private boolean closed;

    private BucketServer(BucketSettings settings, ObjectStore store, HttpServer server) {
        this.store = store;
        this.server = server;
        this.pace = settings.pace();
        this.pool = new PacedPool(THREADS, pace);
        var routes = new Routes(new ObjectActions(store), new HealthAction(store, settings.token()), transfers);
        this.handler = new BucketHandler(settings.token(), routes, pool);
        server.createContext("/", handler);
        server.setExecutor(pool);
    }

    /**
     * Starts a service with the settings of the given environment; it accepts connections when this returns.
     *
     * @param environment {@code BUCKET_TOKEN} or {@code BUCKET_TOKEN_FILE} (at least 32 characters), {@code PORT} (8000; 0
     *     takes a free one), {@code BIND_ADDRESS} (0.0.0.0), {@code DATA_DIR} (/data), {@code MAX_OBJECT_BYTES} (5 GiB),
     *     {@code MAX_TOTAL_BYTES} (64 GiB)
     * @throws IllegalArgumentException if a setting is missing or makes no sense
     * @throws UncheckedIOException if the directory cannot be used or the port is taken
     */
    public static BucketServer start(Map<String, String> environment) {
        return start(BucketSettings.of(environment));
    }

    static BucketServer start(BucketSettings settings) {
        SERVER_LIMITS.forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
        try {
            ObjectStore store = ObjectStore.open(settings.data(), settings.quota());
            try {
                HttpServer server = HttpServer.create(settings.address(), BACKLOG);
                var service = new BucketServer(settings, store, server);
                server.start();
                return service;
            } catch (IOException | RuntimeException e) {
                store.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the bucket service cannot start: " + e.getMessage(), e);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /**
     * Stops within 5 seconds: refuses new requests, lets transfers in flight end for 3 seconds, then cuts the rest. A cut
     * upload leaves nothing. Blocks until stopped.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        handler.stop();
        if (!allTransfersEnded(pace.stop())) {
            pool.interruptAll();
            boolean unused = allTransfersEnded(ABORT_TIME); // the next start sweeps what still is not gone
        }
        server.stop(0);
        pool.close();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean allTransfersEnded(Duration patience) {
        try {
            return transfers.tryAcquire(TRANSFERS, patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
