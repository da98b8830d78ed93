package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.orchestrator.operation.OrchestratorException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server says of itself. */
final class SystemRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(SystemRoutes.class);

    private final Census census;
    private final ServerMetrics metrics;

    SystemRoutes(Census census, ServerMetrics metrics) {
        this.census = census;
        this.metrics = metrics;
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

    /** Always 200, as in the original: a caller reads {@code status}. */
    private void health(Context ctx) {
        ObjectNode health = Json.object();
        try {
            Census.Counts counts = census.counts();
            health.put("status", "healthy").put("timestamp", Json.timestamp(Instant.now()));
            health.putObject("nodes").put("total", counts.nodes()).put("healthy", counts.healthyNodes());
            health.putObject("containers").put("total", counts.containers()).put("running", counts.running());
        } catch (OrchestratorException failure) {
            LOG.warn("unhealthy", failure);
            health.put("status", "unhealthy")
                    .put("timestamp", Json.timestamp(Instant.now()))
                    .put("error", "the store does not answer");
        }
        Json.answer(ctx, 200, health);
    }

    private void metrics(Context ctx) {
        ctx.contentType("text/plain; version=0.0.4; charset=utf-8").result(metrics.scrape());
    }
}
