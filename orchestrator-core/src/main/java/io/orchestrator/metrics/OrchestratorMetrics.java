package io.orchestrator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one orchestrator on the host's registry, all tagged with the installation's name.
 *
 * <p>{@code orchestrator.operation} (timer; tags {@code type}, {@code outcome} = ready or failed) and {@code
 * orchestrator.nodes} (gauge; tag {@code status}). Thread-safe. Closing removes them from the registry.
 */
public final class OrchestratorMetrics implements AutoCloseable {
    private final MeterRegistry registry;
    private final String installation;
    private final List<Meter> gauges = new ArrayList<>();

    /**
     * Registers the meters.
     *
     * @param nodes counts the nodes of a status, from memory
     */
    public OrchestratorMetrics(MeterRegistry registry, String installation, ToDoubleFunction<NodeStatus> nodes) {
        this.registry = registry;
        this.installation = installation;
        for (NodeStatus status : NodeStatus.values()) {
            gauges.add(Gauge.builder("orchestrator.nodes", () -> nodes.applyAsDouble(status))
                    .description("registered nodes")
                    .tag("installation", installation)
                    .tag("status", status.name().toLowerCase(Locale.ROOT))
                    .register(registry));
        }
    }

    /** Records the end of an operation. */
    public void operationEnded(String type, Phase outcome, Duration took) {
        Timer.builder("orchestrator.operation")
                .description("operations from the time this process took them up to their end")
                .tag("installation", installation)
                .tag("type", type)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(took);
    }

    @Override
    public void close() {
        gauges.forEach(registry::remove);
    }
}
