package io.orchestrator.internal.node;

import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the nodes and their health, in memory.
 *
 * <p>Each node is probed every five seconds with a deadline of its own; only a change of status is stored, on a thread of
 * its own. Transports are a host's code: whatever one throws is a probe that failed, and never the end of the probing. No
 * lock is held during a store or node call.
 */
final class LiveNodes implements Nodes {
    private static final Logger LOG = LoggerFactory.getLogger(LiveNodes.class);
    private static final Duration PROBE_PERIOD = Duration.ofSeconds(5);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration LAST_STATUS = Duration.ofMillis(500);

    private final Object lock = new Object();
    private final SortedMap<String, LiveNode> live = new TreeMap<>();
    private final NodeRecords records;
    private final HostRuntime runtime;
    /** Woken when a probe or the storing of a status ended. */
    private final Waiter changed;

    private boolean closed;

    LiveNodes(NodeRecords records, HostRuntime runtime) {
        this.records = records;
        this.runtime = runtime;
        this.changed = runtime.waiter();
    }

    @Override
    public List<NodeState> states() {
        synchronized (lock) {
            return live.values().stream().map(node -> node.state).toList();
        }
    }

    @Override
    public Optional<NodeState> state(NodeId id) {
        synchronized (lock) {
            return Optional.ofNullable(live.get(id.value())).map(node -> node.state);
        }
    }

    @Override
    public NodeTransport transport(NodeId id) {
        return node(id).transport;
    }

    LiveNode node(NodeId id) {
        synchronized (lock) {
            LiveNode node = live.get(id.value());
            if (node == null) {
                throw OrchestratorException.notFound("node", id.value());
            }
            return node;
        }
    }

    /** Takes a registration up in place of the one before. The caller keeps the connection if it throws. */
    LiveNode put(NodeState state, NodeTransport connection) {
        LiveNode node;
        @Nullable NodeTransport unneeded;
        synchronized (lock) {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the orchestrator is closed");
            }
            LiveNode before = live.get(state.id().value());
            if (before != null && before.state.spec().uri().equals(state.spec().uri())) {
                // a node that registers again keeps its connections, and with them its terminals
                node = new LiveNode(before.transport, state);
                unneeded = connection;
            } else {
                node = new LiveNode(connection, state);
                unneeded = before == null ? null : before.transport;
            }
            live.put(state.id().value(), node);
        }
        if (unneeded != null) {
            close(state.id(), unneeded);
        }
        return node;
    }

    void remove(NodeId id) {
        LiveNode removed;
        synchronized (lock) {
            removed = live.remove(id.value());
        }
        if (removed != null) {
            close(id, removed.transport);
        }
    }

    /** Waits a moment for statuses that are being stored, as the next start begins with them, and ends every connection. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
        try {
            changed.await(this::isStored, LAST_STATUS);
        } catch (OrchestratorException interrupted) {
            LOG.debug("closing without waiting for statuses to be stored", interrupted);
        }
        List<LiveNode> nodes;
        synchronized (lock) {
            nodes = List.copyOf(live.values());
            live.clear();
        }
        nodes.forEach(node -> close(node.state.id(), node.transport));
    }

    private boolean isStored() {
        synchronized (lock) {
            return live.values().stream().noneMatch(node -> node.storing);
        }
    }

    static void close(NodeId id, NodeTransport transport) {
        try {
            transport.close();
        } catch (RuntimeException failure) {
            LOG.warn("the connection to node '{}' could not be closed", id, failure);
        }
    }

    /** Probes every node now and every five seconds. */
    void probeAll() {
        List<LiveNode> nodes;
        synchronized (lock) {
            if (closed) {
                return;
            }
            nodes = List.copyOf(live.values());
        }
        // first, so that nothing that goes wrong below is the end of it
        runtime.schedule(PROBE_PERIOD, this::probeAll);
        nodes.forEach(this::probe);
    }

    /** Probes the node and waits for the answer. */
    NodeState check(LiveNode node) {
        long before = probesOf(node);
        probe(node);
        changed.await(() -> probesOf(node) > before, PROBE_TIMEOUT.plusSeconds(1));
        synchronized (lock) {
            // of one that was registered anew meanwhile, what is known of it now
            return live.getOrDefault(node.state.id().value(), node).state;
        }
    }

    private long probesOf(LiveNode node) {
        synchronized (lock) {
            return node.probes;
        }
    }

    private void probe(LiveNode node) {
        CallContext call = CallContext.startingNow(runtime::nanoTime, PROBE_TIMEOUT);
        CallContext running;
        synchronized (lock) {
            running = node.probe;
            if (running == null) {
                node.probe = call;
            }
        }
        if (running != null) {
            if (running.expired()) {
                // the transport owes an answer; the next round asks again
                ended(node, running, null, late());
            }
            return;
        }
        try {
            var unused =
                    node.transport.probe(call).whenComplete((report, failure) -> ended(node, call, report, failure));
        } catch (Throwable failure) {
            ended(node, call, null, failure);
        }
    }

    private static OrchestratorException late() {
        return new OrchestratorException(ErrorCode.DEADLINE_EXCEEDED, "the probe did not end in time");
    }

    private void ended(LiveNode node, CallContext probe, @Nullable NodeReport report, @Nullable Throwable failure) {
        NodeStatus before;
        NodeState after;
        boolean store;
        synchronized (lock) {
            if (node.probe != probe) {
                return;
            }
            node.probe = null;
            node.probes++;
            before = node.state.status();
            // nothing is learned of a registration that was replaced: the one in its place has a probe of its own
            if (isLive(node)) {
                node.learn(runtime.now(), report, failure);
            }
            after = node.state;
            store = before != after.status() && !node.storing;
            node.storing |= store;
        }
        changed.wake();
        if (before != after.status()) {
            LOG.info("node '{}' is {} {}", after.id(), after.status(), after.reason());
        }
        if (store) {
            storeStatus(node);
        }
    }

    /** Has the status stored: this thread is the timer's or a transport's, and must not block. */
    private void storeStatus(LiveNode node) {
        try {
            runtime.execute("node-status", () -> {
                try {
                    catchUp(node);
                    changed.wake();
                } catch (Throwable failure) {
                    notStored(node, failure);
                }
            });
        } catch (Throwable failure) {
            notStored(node, failure);
        }
    }

    private void catchUp(LiveNode node) {
        NodeId id = node.state.id();
        while (true) {
            // read first: if the node is registered anew after the look at memory, the store refuses the commit
            Optional<ResourceRecord> record = records.find(id);
            NodeState state;
            synchronized (lock) {
                state = node.state;
                if (record.isEmpty() || !isLive(node) || node.stored == state.status()) {
                    node.storing = false;
                    return;
                }
            }
            String event = "node/" + state.status().name().toLowerCase(Locale.ROOT);
            if (records.commit(List.of(Commit.Change.put(NodeCodec.observe(record.get(), state))), id, event)) {
                synchronized (lock) {
                    node.stored = state.status();
                }
            }
        }
    }

    private void notStored(LiveNode node, Throwable failure) {
        synchronized (lock) {
            node.storing = false;
        }
        changed.wake();
        // health lives in memory; the store only remembers it, from the next change on
        LOG.warn("the status of node '{}' was not stored: {}", node.state.id(), failure.toString());
    }

    private boolean isLive(LiveNode node) {
        return live.get(node.state.id().value()) == node;
    }
}
