package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.lang.System.Logger;

/**
 * Asks for the token, hands the request to its route, and turns faults into answers.
 *
 * <p>What the JDK's server cannot read as a request (a malformed escape, conflicting lengths, no absolute path) never gets
 * here: it answers that itself, with 400 or 404 in HTML, or closes the connection.
 */
final class BucketHandler implements HttpHandler {
    private static final Logger LOG = System.getLogger(BucketHandler.class.getName());

    private final BearerToken token;
    private final Routes routes;
    private final PacedPool pool;
    private volatile boolean stopping;

    BucketHandler(BearerToken token, Routes routes, PacedPool pool) {
        this.token = token;
        this.routes = routes;
        this.pool = pool;
    }

    void stop() {
        stopping = true;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Watched watched = pool.current();
        watched.body();
        try {
            serve(exchange, watched);
        } finally {
            watched.linger();
            exchange.close();
        }
    }

    private void serve(HttpExchange exchange, Watched watched) throws IOException {
        try {
            authenticate(exchange);
            routes.serve(exchange, watched);
        } catch (HttpFault fault) {
            watched.body();
            if (fault.getCause() != null) {
                LOG.log(Logger.Level.ERROR, fault.detail(), fault.getCause());
            }
            answer(exchange, fault);
        } catch (RuntimeException e) {
            watched.body();
            LOG.log(Logger.Level.ERROR, "a request failed", e);
            answer(exchange, new HttpFault(500, "Internal Server Error"));
        }
    }

    private static void answer(HttpExchange exchange, HttpFault fault) throws IOException {
        // Once an answer has begun it can only be cut: its length tells the client.
        if (exchange.getResponseCode() == -1) {
            Reply.fault(exchange, fault);
        }
    }

    private void authenticate(HttpExchange exchange) {
        if (stopping) {
            throw new HttpFault(503, "the service is stopping");
        }
        boolean open = exchange.getRequestURI().getRawPath().equals("/health");
        if (!open && !token.matches(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            throw new HttpFault(401, "the bearer token is missing or wrong");
        }
    }
}
