package io.orchestrator.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.Phase;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Set<Meter> meters = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Registers the meters.
     *
     * @param nodes counts the nodes of a status, from memory
     */
    public OrchestratorMetrics(MeterRegistry registry, String installation, ToDoubleFunction<NodeStatus> nodes) {
        this.registry = registry;
        this.installation = installation;
        try {
            for (NodeStatus status : NodeStatus.values()) {
                meters.add(Gauge.builder("orchestrator.nodes", () -> nodes.applyAsDouble(status))
                        .description("registered nodes")
                        .tag("installation", installation)
                        .tag("status", status.name().toLowerCase(Locale.ROOT))
                        .register(registry));
            }
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /** Records the end of an operation. */
    public void operationEnded(String type, Phase outcome, Duration took) {
        if (closed) {
            return;
        }
        Timer timer = Timer.builder("orchestrator.operation")
                .description("operations from the time this process took them up to their end")
                .tag("installation", installation)
                .tag("type", type)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry);
        meters.add(timer);
        timer.record(took);
        if (closed) {
            // closed meanwhile, perhaps before it could see this one
            registry.remove(timer);
        }
    }

    @Override
    public void close() {
        closed = true;
        meters.forEach(registry::remove);
    }
}
