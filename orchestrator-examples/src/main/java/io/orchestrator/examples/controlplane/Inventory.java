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
import java.util.Optional;

/** What the store holds, counted page by page. */
record Inventory(NodeRegistry nodes, ContainerLauncher containers, ServiceLaunchers services) {
    Census.Counts count() {
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
        return new Census.Counts(all, healthy, existing, running, buckets());
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
