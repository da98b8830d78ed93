package io.orchestrator.internal.container;

import io.orchestrator.container.Action;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.Reconciliation;
import io.orchestrator.container.Stray;
import io.orchestrator.internal.json.ReadableRecords;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares a node with its records: the node is listed first and the records are read after, so that a container made
 * meanwhile has its record. The list only tells where to look; what is stored comes from a look at the container itself.
 */
final class NodePass {
    private static final Logger LOG = LoggerFactory.getLogger(NodePass.class);
    private static final int MAX_LISTED = 100_000;
    /** Failures that the next container would meet too. */
    private static final Set<ErrorCode> OF_THE_WHOLE_NODE = Set.of(
            ErrorCode.NODE_UNREACHABLE,
            ErrorCode.DEADLINE_EXCEEDED,
            ErrorCode.CANCELLED,
            ErrorCode.CLOSED,
            ErrorCode.STORE_UNAVAILABLE);

    private final Store store;
    private final Nodes nodes;
    private final Containers containers;
    private final Sweeper sweeper;
    private final ReadableRecords readable = new ReadableRecords();

    /** What one pass did so far. */
    private static final class Tally {
        int changed;
        int driven;
    }

    NodePass(Store store, Nodes nodes, Containers containers, Sweeper sweeper) {
        this.store = store;
        this.nodes = nodes;
        this.containers = containers;
        this.sweeper = sweeper;
    }

    Reconciliation run(NodeId node, Restarts restarts, CallContext call) {
        NodeTransport transport = nodes.transport(node);
        Map<String, ObservedContainer> seen = list(node, transport, call);
        int listed = seen.size();
        Tally tally = new Tally();
        Optional<String> cursor = Optional.empty();
        do {
            Page<StoredContainer> page = readable.page(
                    store.page(RecordQuery.of(StoredContainer.KIND)
                            .on(node.value())
                            .notObserved(ContainerStatus.REMOVED.name())
                            .after(cursor)),
                    StoredContainer::read);
            for (StoredContainer container : page.items()) {
                call.check("comparing node '" + node + "' with its records");
                settle(container, container.engineId().map(seen::remove), restarts, tally);
            }
            cursor = page.next();
        } while (cursor.isPresent());
        restarts.endPass();
        List<Sweeper.Dead> dead = new ArrayList<>();
        List<Stray> strays = new ArrayList<>();
        seen.values().forEach(left -> judge(node, left, dead, strays));
        // what was replaced or removed since the node was listed is no stray
        strays.removeIf(stray -> transport.inspect(call, stray.engineId()).isEmpty());
        Sweeper.Swept swept = sweeper.sweep(call, transport, listed, dead);
        return new Reconciliation(listed, tally.changed, tally.driven, swept.removed(), swept.held(), strays);
    }

    /** Stores what a container's node shows of it and drives it on; one that cannot be settled keeps no other waiting. */
    private void settle(StoredContainer container, Optional<ObservedContainer> here, Restarts restarts, Tally tally) {
        try {
            StoredContainer now = differs(container, here) ? containers.look(container.id()) : container;
            tally.changed += now.base().version() == container.base().version() ? 0 : 1;
            tally.driven += drive(now, restarts) ? 1 : 0;
        } catch (OrchestratorException failure) {
            if (OF_THE_WHOLE_NODE.contains(failure.code())) {
                throw failure;
            }
            LOG.info("container '{}' is settled in a later round: {}", container.id(), failure.getMessage());
        }
    }

    private static Map<String, ObservedContainer> list(NodeId node, NodeTransport transport, CallContext call) {
        Map<String, ObservedContainer> seen = new TreeMap<>();
        transport.list(call, container -> {
            if (seen.size() == MAX_LISTED) {
                throw new OrchestratorException(
                        ErrorCode.PROTOCOL_ERROR, "node '" + node + "' listed more than " + MAX_LISTED + " containers");
            }
            seen.put(container.engineId(), container);
        });
        return seen;
    }

    /** Whether the list does not show what is stored; what an operation changes, it looks at itself. */
    private static boolean differs(StoredContainer container, Optional<ObservedContainer> here) {
        if (container.base().pending().isPresent() || container.engineId().isEmpty()) {
            return false;
        }
        boolean ran = container.base().observed().equals(ContainerStatus.RUNNING.name());
        boolean stopWanted = container.desired() == Desired.STOPPED;
        return here.isEmpty() || here.get().running() != ran || (ran && stopWanted);
    }

    /** Begins what makes the container as its owner wants it; whether anything was begun. */
    private boolean drive(StoredContainer container, Restarts restarts) {
        if (container.base().pending().isPresent()) {
            return false;
        }
        boolean runs = container.base().observed().equals(ContainerStatus.RUNNING.name());
        if (container.desired() == Desired.STOPPED && runs) {
            // a stop stays a stop, whoever started the container again
            containers.submit(container.id(), Action.STOP);
            return true;
        }
        switch (restarts.look(container, containers.runtime.nanoTime())) {
            case NOTHING -> {}
            case FORGIVE -> containers.forgive(container);
            case RELAUNCH -> {
                if (!sweeper.mostNodesAreAway()) {
                    containers.relaunch(container.id());
                    return true;
                }
            }
        }
        return false;
    }

    private void judge(NodeId node, ObservedContainer seen, List<Sweeper.Dead> dead, List<Stray> strays) {
        Optional<ContainerId> id = id(seen);
        Optional<ResourceRecord> record = id.map(StoredContainer::key).flatMap(store::find);
        if (record.isEmpty()) {
            strays.add(stray(node, seen, "there is no record of it"));
            return;
        }
        StoredContainer container;
        try {
            container = StoredContainer.read(record.get());
        } catch (RuntimeException unreadable) {
            strays.add(stray(node, seen, "its record cannot be read: " + unreadable.getMessage()));
            return;
        }
        if (!container.node().equals(node)) {
            strays.add(stray(node, seen, "its record says that it is on node '" + container.node() + "'"));
        } else if (Sweeper.proves(container)) {
            dead.add(new Sweeper.Dead(seen, record.get().key()));
        } else if (container.base().pending().isEmpty() && !container.engineId().equals(Optional.of(seen.engineId()))) {
            strays.add(stray(node, seen, "its record knows it by another engine id"));
        }
    }

    private static Optional<ContainerId> id(ObservedContainer seen) {
        try {
            return Optional.ofNullable(seen.labels().get(ContainerLabels.ID)).map(ContainerId::of);
        } catch (OrchestratorException malformed) {
            return Optional.empty();
        }
    }

    private static Stray stray(NodeId node, ObservedContainer seen, String reason) {
        return new Stray(node, seen.engineId(), seen.name(), seen.running(), reason);
    }
}
