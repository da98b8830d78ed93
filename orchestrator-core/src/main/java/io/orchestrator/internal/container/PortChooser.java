package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.PortRequest;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.PortRange;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses host ports. The unique keys of the commit decide who gets a port; a choice is only a good guess: at random
 * while that works, and from what the store says is free after a collision.
 */
final class PortChooser {
    private final Store store;
    private final HostRuntime runtime;

    PortChooser(Store store, HostRuntime runtime) {
        this.store = store;
        this.runtime = runtime;
    }

    /**
     * Chooses a host port for each of the specification's ports.
     *
     * @param exact whether to read which ports are taken first
     * @param avoid host ports that something else on the machine uses
     * @throws OrchestratorException {@link ErrorCode#PORTS_EXHAUSTED} if none is free
     */
    List<PublishedPort> choose(ContainerSpec spec, NodeSpec node, boolean exact, Set<Integer> avoid) {
        if (spec.ports().isEmpty()) {
            return List.of();
        }
        Set<Integer> taken = new HashSet<>(avoid);
        spec.ports().forEach(port -> taken.add(port.hostPort()));
        if (exact) {
            taken.addAll(taken(node));
        }
        List<PublishedPort> chosen = new ArrayList<>();
        for (PortRequest port : spec.ports()) {
            int hostPort = port.hostPort() != 0 ? port.hostPort() : free(node, taken);
            taken.add(hostPort);
            chosen.add(new PublishedPort(port.containerPort(), port.protocol(), node.serviceAddress(), hostPort));
        }
        return chosen;
    }

    /** A free port, searched from a random place on. */
    private int free(NodeSpec node, Set<Integer> taken) {
        PortRange range = node.portRange();
        byte[] random = new byte[4];
        runtime.randomBytes(random);
        int start = Math.floorMod(ByteBuffer.wrap(random).getInt(), range.size());
        for (int i = 0; i < range.size(); i++) {
            int port = range.first() + (start + i) % range.size();
            if (!taken.contains(port)) {
                return port;
            }
        }
        throw new OrchestratorException(
                ErrorCode.PORTS_EXHAUSTED,
                "node '" + node.id() + "' has no free host port in " + range.first() + "-" + range.last());
    }

    private Set<Integer> taken(NodeSpec node) {
        Set<Integer> taken = new HashSet<>();
        String prefix = StoredContainer.PORT_PREFIX + node.id() + "/";
        Optional<String> cursor = Optional.empty();
        do {
            Page<ResourceRecord> page = store.page(RecordQuery.of(StoredContainer.KIND)
                    .on(node.id().value())
                    .notObserved(ContainerStatus.REMOVED.name())
                    .after(cursor));
            for (ResourceRecord record : page.items()) {
                for (String key : record.uniqueKeys().tailSet(prefix)) {
                    if (key.startsWith(prefix)) {
                        taken.add(Integer.parseInt(key.substring(key.lastIndexOf('/') + 1)));
                    }
                }
            }
            cursor = page.next();
        } while (cursor.isPresent());
        return taken;
    }
}
