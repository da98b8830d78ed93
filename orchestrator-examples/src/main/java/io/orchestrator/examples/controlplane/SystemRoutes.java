package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.concurrent.Executor;

/** What the server says of itself. */
final class SystemRoutes {
    private final Census census;
    private final ServerMetrics metrics;
    private final Executor executor;

    SystemRoutes(Census census, ServerMetrics metrics, Executor executor) {
        this.census = census;
        this.metrics = metrics;
        this.executor = executor;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", SystemRoutes::about, Role.ANYONE);
        routes.get("/health", this::health, Role.ANYONE);
        routes.get("/metrics", this::metrics, Role.ADMIN);
    }

    private static void about(Context ctx) {
        ObjectNode about = Json.object()
                .put("name", "orchestrator control plane")
                .put("version", ControlPlane.version())
                .put("status", "running")
                .put("docs", "docs/server.md")
                .put("health", "/health")
                .put("metrics", "/metrics");
        Json.answer(ctx, 200, about);
    }

    /** Always 200, as in the original: a caller reads {@code status}. No thread waits for the store. */
    private void health(Context ctx) {
        ctx.future(() -> census.counts()
                .handleAsync(
                        (counts, failure) -> {
                            Json.answer(ctx, 200, failure == null ? healthy(counts) : unhealthy());
                            return null;
                        },
                        executor));
    }

    private static ObjectNode healthy(Census.Counts counts) {
        ObjectNode health = Json.object().put("status", "healthy").put("timestamp", Json.timestamp(Instant.now()));
        health.putObject("nodes").put("total", counts.nodes()).put("healthy", counts.healthyNodes());
        health.putObject("containers").put("total", counts.containers()).put("running", counts.running());
        return health;
    }

    private static ObjectNode unhealthy() {
        return Json.object()
                .put("status", "unhealthy")
                .put("timestamp", Json.timestamp(Instant.now()))
                .put("error", "the store does not answer");
    }

    private void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }
}
