package io.orchestrator.examples.controlplane;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.config.SizeUnit;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import jakarta.servlet.DispatcherType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side: limits, access, errors, logs and meters around whatever routes it is given. */
final class WebServer implements AutoCloseable {
    static final int MAX_THREADS = 200;

    /** Bytes a second: a body that comes more slowly is refused when its next byte comes. */
    private static final long MIN_BODY_RATE = 1_024;

    private static final int MAX_HEADER_BYTES = 8_192;
    private static final int UPLOAD_MEMORY_KIB = 64;
    private static final long STOP_MILLIS = 1_000;
    private static final String UNMATCHED = "unmatched";

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    private final Javalin web;

    private WebServer(Javalin web) {
        this.web = web;
    }

    /** The threads that serve requests. */
    static QueuedThreadPool threads() {
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 8);
        threads.setName("control-plane");
        threads.setDaemon(true);
        return threads;
    }

    /**
     * What every request passes on its way to a route.
     *
     * @param uploads where uploads lie until they are passed on
     */
    record Parts(
            QueuedThreadPool threads, Path uploads, Access access, ServerMetrics metrics, TerminalRoute terminal) {}

    static WebServer start(ServerSettings settings, Parts parts, Consumer<RoutesConfig> routes) {
        Javalin web = Javalin.create(config -> {
            limits(config, parts.uploads(), settings.maxUploadBytes());
            config.jetty.threadPool = parts.threads();
            config.jetty.modifyServletContextHandler(context -> upgrades(context, parts.terminal()));
            config.routes.before(RequestLog::begin);
            config.routes.beforeMatched(ctx -> {
                RequestLog.matched(ctx);
                parts.access().check(ctx);
            });
            config.routes.exception(HttpResponseException.class, (refusal, ctx) -> Errors.answer(ctx, refusal));
            config.routes.exception(Exception.class, (failure, ctx) -> Errors.answer(ctx, failure));
            config.requestLogger.http((ctx, millis) -> {
                String route = route(ctx);
                parts.metrics().request(ctx.method().name(), route, ctx.statusCode(), Duration.ofNanos((long)
                        (millis * 1_000_000)));
                RequestLog.end(ctx, route, millis);
            });
            config.router.javaLangErrorHandler((response, error) -> {
                LOG.error("request failed", error);
                response.setStatus(500);
            });
            parts.terminal().addTo(config.routes);
            routes.accept(config.routes);
        });
        try {
            return new WebServer(web.start(settings.host(), settings.port()));
        } catch (RuntimeException failure) {
            throw new SetupException(
                    "cannot listen on " + settings.host() + " port " + settings.port()
                            + "; another program may use it, or the address is not this machine's",
                    failure);
        }
    }

    int port() {
        return web.port();
    }

    /** Every route there is, as the router knows them. */
    List<Endpoint> routes() {
        return web.unsafe.internalRouter.allHttpHandlers().stream()
                .map(parsed -> parsed.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .toList();
    }

    /** Lets requests in flight end for a second, then cuts them. */
    @Override
    public void close() {
        web.stop();
    }

    private static void limits(JavalinConfig config, Path uploads, long maxUploadBytes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.maxRequestSize = Json.MAX_BODY_BYTES;
        // uploads go to a file of the data directory, whatever their size, and are deleted with their request
        config.jetty.multipartConfig.cacheDirectory(uploads.toString());
        config.jetty.multipartConfig.maxInMemoryFileSize(UPLOAD_MEMORY_KIB, SizeUnit.KB);
        config.jetty.multipartConfig.maxFileSize(maxUploadBytes, SizeUnit.BYTES);
        config.jetty.multipartConfig.maxTotalRequestSize(maxUploadBytes, SizeUnit.BYTES);
        config.jetty.modifyHttpConfiguration(WebServer::http);
        config.jetty.modifyServer(WebServer::server);
    }

    /** The setting's successor is a handler that wraps each request and answer, handshakes too, where a number is enough. */
    @SuppressWarnings("removal")
    private static void http(HttpConfiguration http) {
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setMinRequestDataRate(MIN_BODY_RATE);
    }

    private static void server(Server server) {
        server.setStopTimeout(STOP_MILLIS);
        server.setErrorHandler(new PlainErrors());
    }

    private static void upgrades(ServletContextHandler context, TerminalRoute terminal) {
        context.setErrorHandler(new PlainErrors());
        context.addFilter(new FilterHolder(new TerminalUpgrade(terminal)), "/*", EnumSet.of(DispatcherType.REQUEST));
    }

    private static String route(Context ctx) {
        return Optional.ofNullable(ctx.endpoints().matchedHttpEndpoint())
                .map(endpoint -> endpoint.path)
                .orElse(UNMATCHED);
    }
}
