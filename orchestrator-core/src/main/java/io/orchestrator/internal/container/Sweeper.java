package io.orchestrator.internal.container;

import io.orchestrator.container.SweepPolicy;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.internal.operation.Committer;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a record proves deleted: at most so many in a minute and such a share of a node, and nothing while most
 * nodes are away, as the fault is then more likely ours. Each removal is journaled before it happens. Thread-safe.
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final double MASS_LOSS = 0.55;

    private final Store store;
    private final HostRuntime runtime;
    private final Nodes nodes;
    private final EngineNames names;
    private final SweepPolicy policy;
    private final Committer committer;
    /** When each of the last minute's removals was begun, oldest first. */
    private final Queue<Long> removals = new ArrayDeque<>();

    /** A container that is to go, and the record that proves it. */
    record Dead(ObservedContainer seen, RecordKey record) {}

    /** How many were removed, and how many more were to go but must stay for now. */
    record Swept(int removed, int held) {}

    Sweeper(Store store, HostRuntime runtime, Nodes nodes, EngineNames names, SweepPolicy policy) {
        this.store = store;
        this.runtime = runtime;
        this.nodes = nodes;
        this.names = names;
        this.policy = policy;
        this.committer = new Committer(store);
    }

    /** Whether a record says that its container is gone for good; an operation under way looks for itself. */
    static boolean proves(StoredContainer container) {
        return container.base().pending().isEmpty()
                && (container.removed() || container.failure().isPresent());
    }

    /** Removes what it may of what is still there. */
    Swept sweep(CallContext call, NodeTransport node, int listed, List<Dead> dead) {
        if (policy.dryRun() || !policy.allows(dead.size(), listed) || mostNodesAreAway()) {
            return new Swept(0, dead.size());
        }
        int removed = 0;
        int looked = 0;
        while (looked < dead.size() && mayRemoveOneMore()) {
            removed += remove(call, node, dead.get(looked)) ? 1 : 0;
            looked++;
        }
        return new Swept(removed, dead.size() - looked);
    }

    private boolean remove(CallContext call, NodeTransport node, Dead dead) {
        Optional<ResourceRecord> record = store.find(dead.record());
        if (record.map(StoredContainer::read).filter(Sweeper::proves).isEmpty()) {
            return false;
        }
        StoredContainer container = StoredContainer.read(record.get());
        String engineId = dead.seen().engineId();
        if (node.inspect(call, engineId)
                .filter(seen -> names.ours(seen, container.id()))
                .isEmpty()) {
            return false;
        }
        // also the proof that the record did not change since it was read
        JournalDraft entry = new JournalDraft(
                runtime.now(),
                dead.record(),
                "",
                "container/swept",
                "engine id " + engineId + " on " + container.node());
        if (committer.commit(record.get(), Map.of(), entry).isEmpty()) {
            return false;
        }
        node.remove(call, engineId);
        LOG.warn(
                "{} was removed from node '{}': container '{}' is deleted, and this one came late",
                engineId,
                container.node(),
                container.id());
        return true;
    }

    /** Whether the fault is more likely ours than the nodes': then nothing happens without being asked. */
    boolean mostNodesAreAway() {
        List<NodeState> states = nodes.states();
        long away = states.stream()
                .filter(node -> node.status() == NodeStatus.UNREACHABLE)
                .count();
        return away > MASS_LOSS * states.size();
    }

    private synchronized boolean mayRemoveOneMore() {
        long now = runtime.nanoTime();
        while (!removals.isEmpty() && now - removals.element() >= MINUTE) {
            removals.remove();
        }
        return removals.size() < policy.perMinute() && removals.add(now);
    }
}
