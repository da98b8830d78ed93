package io.orchestrator.examples.controlplane;

import io.javalin.router.Endpoint;
import io.orchestrator.Orchestrator;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.bucket.BucketEngine;
import io.orchestrator.service.bucket.ReferenceBucket;
import io.orchestrator.terminal.TerminalProxy;
import io.orchestrator.transport.docker.DockerTransport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running control plane: how an application embeds the library is all in the constructor.
 *
 * <p>Thread-safe. Closing it ends within ten seconds and leaves every container running.
 */
public final class ControlPlaneServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneServer.class);

    private static final long TERMINALS_MILLIS = 2_000;
    private static final Duration COUNT_LIMIT = Duration.ofSeconds(2);

    private final ServerSettings settings;
    private final Path tokenFile;
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Orchestrator orchestrator;
    private final ServiceLaunchers services;
    private final TerminalProxy terminals;
    private final WebServer web;

    private ControlPlaneServer(ServerSettings settings) {
        this.settings = settings;
        try {
            DataDirectory data = DataDirectory.open(settings.data());
            this.tokenFile = settings.tokenFile().orElseGet(data::ownTokens);
            Access access = new Access(ApiTokens.read(tokenFile));
            ServerMetrics metrics = new ServerMetrics();

            // 1. The library: a store, ways to reach nodes, and the nodes themselves.
            Orchestrator.Builder builder = Orchestrator.builder(settings.installation())
                    .transport(DockerTransport.create())
                    .meterRegistry(metrics.registry());
            if (settings.developmentNodes()) {
                builder.transport(DevelopmentNodes.transport(settings.bucketImage()));
            }
            OpenStore opened = settings.store().open(data);
            closing.push(opened.connections());
            this.orchestrator = closing(builder.store(opened.store()).build());
            settings.nodes().forEach(this::register);

            // 2. What is built on top of it.
            BucketEngine buckets = ReferenceBucket.engine(settings.bucketImage());
            this.services = ServiceLaunchers.create(orchestrator, buckets);
            this.terminals = TerminalProxy.create(orchestrator);
            closing.push(this::closeTerminals);

            // 3. The routes.
            QueuedThreadPool threads = WebServer.threads();
            Pending pending = new Pending(threads);
            Inventory inventory = new Inventory(orchestrator.nodes(), orchestrator.containers(), services);
            Census census = new Census(inventory::count, threads, COUNT_LIMIT);
            metrics.observe(census);
            Pings pings = closing(new Pings(settings.pingPeriod()));
            var terminal = new TerminalRoute(access, orchestrator.containers(), terminals, metrics, pings);
            var parts = new WebServer.Parts(threads, data.uploads(), access, metrics, terminal);
            this.web = closing(WebServer.start(settings, parts, routes -> {
                new SystemRoutes(census, metrics, threads).addTo(routes);
                new NodeRoutes(orchestrator.nodes()).addTo(routes);
                new ContainerRoutes(orchestrator.containers(), orchestrator.nodes(), pending).addTo(routes);
                new TemplateRoutes().addTo(routes);
                new BucketRoutes(services, buckets, pending).addTo(routes);
                new FileRoutes(services, data.uploads(), settings.maxUploadBytes()).addTo(routes);
            }));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /**
     * Starts a server; it accepts requests when this returns.
     *
     * @throws RuntimeException with one sentence for a person, if a setting cannot be used
     */
    public static ControlPlaneServer start(ServerSettings settings) {
        ControlPlaneServer server = new ControlPlaneServer(settings);
        server.warn();
        return server;
    }

    /** The port that is listened on. */
    public int port() {
        return web.port();
    }

    /** The file that says who may call. */
    public Path tokenFile() {
        return tokenFile;
    }

    /** The library behind the routes, for whoever embeds this server. */
    public Orchestrator orchestrator() {
        return orchestrator;
    }

    /** The services behind the routes. */
    public ServiceLaunchers services() {
        return services;
    }

    /** The terminals behind the routes. */
    public TerminalProxy terminals() {
        return terminals;
    }

    List<Endpoint> routes() {
        return web.routes();
    }

    /** Stops the web server, ends terminals, then closes the library. Idempotent; blocks ten seconds at most. */
    @Override
    public synchronized void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception failure) {
                LOG.warn("a part of the server could not be closed", failure);
            }
        }
    }

    private void register(NodeSpec node) {
        try {
            orchestrator.nodes().register(node);
        } catch (OrchestratorException refused) {
            throw new SetupException("node '" + node.id() + "' cannot be registered: " + refused.getMessage(), refused);
        }
    }

    private void warn() {
        try {
            if (!InetAddress.getByName(settings.host()).isLoopbackAddress()) {
                LOG.warn(
                        "listening on '{}' without TLS: tokens and terminals can be read on the way; put a proxy with TLS"
                                + " in front",
                        settings.host());
            }
        } catch (UnknownHostException impossible) {
            LOG.warn("listening on '{}', which has no address", settings.host());
        }
    }

    /** A node that does not answer must not use up the time that the operations under way need. */
    private void closeTerminals() throws InterruptedException {
        Thread closing = new Thread(terminals::close, "control-plane-close-terminals");
        closing.setDaemon(true);
        closing.start();
        closing.join(TERMINALS_MILLIS);
    }

    private <T extends AutoCloseable> T closing(T part) {
        closing.push(part);
        return part;
    }
}
