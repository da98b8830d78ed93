package io.orchestrator.examples.controlplane;

import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.node.NodeState;
import io.orchestrator.operation.Page;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.ServiceState;
import io.orchestrator.service.bucket.Bucket;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts what exists, at most once a second however often it is asked: one of its readers needs no token. */
final class Census {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final NodeRegistry nodes;
    private final ContainerLauncher containers;
    private final ServiceLaunchers services;
    private @Nullable Counts latest;
    private long countedAt;

    record Counts(int nodes, int healthyNodes, int containers, int running, int buckets) {}

    Census(NodeRegistry nodes, ContainerLauncher containers, ServiceLaunchers services) {
        this.nodes = nodes;
        this.containers = containers;
        this.services = services;
    }

    /** What there was a second ago at most. */
    synchronized Counts counts() {
        Counts counts = latest;
        if (counts == null || System.nanoTime() - countedAt > FRESH_NANOS) {
            counts = count();
            latest = counts;
            countedAt = System.nanoTime();
        }
        return counts;
    }

    private Counts count() {
        int all = 0;
        int healthy = 0;
        Optional<String> cursor = Optional.empty();
        do {
            Page<NodeState> page = nodes.list(cursor, Page.MAX_LIMIT);
            all += page.items().size();
            healthy += (int) page.items().stream().filter(NodeState::healthy).count();
            cursor = page.next();
        } while (cursor.isPresent());
        int existing = 0;
        int running = 0;
        do {
            ContainerQuery.Builder query = ContainerQuery.builder();
            cursor.ifPresent(query::after);
            Page<ContainerState> page = containers.list(query.build());
            existing += page.items().size();
            running += (int) page.items().stream()
                    .filter(state -> state.status() == ContainerStatus.RUNNING)
                    .count();
            cursor = page.next();
        } while (cursor.isPresent());
        return new Counts(all, healthy, existing, running, buckets());
    }

    private int buckets() {
        int existing = 0;
        Optional<String> cursor = Optional.empty();
        do {
            Page<ServiceState> page = services.list(Bucket.KIND, cursor.orElse(null), Page.MAX_LIMIT);
            existing += page.items().size();
            cursor = page.next();
        } while (cursor.isPresent());
        return existing;
    }
}
