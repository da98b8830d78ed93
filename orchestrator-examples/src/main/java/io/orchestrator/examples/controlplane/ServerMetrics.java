package io.orchestrator.examples.controlplane;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The meters under the original's names. Labels hold route templates, never paths: their number is bounded. */
final class ServerMetrics {
    private static final Set<String> METHODS =
            new TreeSet<>(List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"));
    private static final Duration[] BUCKETS = DoubleStream.of(
                    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
            .mapToObj(seconds -> Duration.ofMillis(Math.round(seconds * 1_000)))
            .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicInteger webSockets = new AtomicInteger();
    private final Timer durations = Timer.builder("orchestrator.request.duration")
            .description("time to answer")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);

    PrometheusMeterRegistry registry() {
        return registry;
    }

    AtomicInteger webSockets() {
        return webSockets;
    }

    /** Adds the gauges, which ask the census when they are read. */
    void observe(Census census) {
        gauge("active_nodes", "nodes that answer", counts -> counts.healthyNodes(), census);
        gauge("active_containers", "containers that exist", counts -> counts.containers(), census);
        gauge("active_bucket_services", "bucket services that exist", counts -> counts.buckets(), census);
        Gauge.builder("websocket_connections", webSockets, AtomicInteger::get)
                .description("open WebSocket connections")
                .register(registry);
    }

    void request(String method, String route, int status, Duration took) {
        Counter.builder("orchestrator.requests")
                .description("requests answered")
                .tag("method", METHODS.contains(method) ? method : "OTHER")
                .tag("endpoint", route)
                .tag("status", Integer.toString(status))
                .register(registry)
                .increment();
        durations.record(took);
    }

    String scrape() {
        return registry.scrape();
    }

    private void gauge(String name, String description, ToDoubleFunction<Census.Counts> value, Census census) {
        Gauge.builder(
                        name,
                        census,
                        source -> value.applyAsDouble(source.counts().join()))
                .description(description)
                .register(registry);
    }
}
