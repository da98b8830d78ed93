package io.orchestrator.internal.container;

import io.orchestrator.container.Reconciler;
import io.orchestrator.container.Reconciliation;
import io.orchestrator.container.Stray;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every ready node compared with its records again and again, on a few threads: a node that hangs keeps one of them for
 * 30 s at most. Whatever a comparison throws is logged, and the next round tries again.
 */
public final class ReconcileLoop implements Reconciler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long SHORTEST_PERIOD_MILLIS = 5_000;
    private static final long MILLIS_PER_NODE = 25;
    private static final int MAX_WORKERS = 8;

    private final Object lock = new Object();
    private final Nodes nodes;
    private final HostRuntime runtime;
    private final NodePass pass;
    private final Set<NodeId> due = new LinkedHashSet<>();
    private final Set<NodeId> busy = new HashSet<>();
    private final Set<CallContext> calls = new LinkedHashSet<>();
    private final SortedMap<String, Reconciliation> latest = new TreeMap<>();
    private final SortedMap<String, Restarts> restarts = new TreeMap<>();
    /** Woken when a node's comparison ended: the next of that node may begin. */
    private final Waiter turn;

    private int workers;
    private boolean closed;

    ReconcileLoop(Nodes nodes, HostRuntime runtime, NodePass pass) {
        this.nodes = nodes;
        this.runtime = runtime;
        this.pass = pass;
        this.turn = runtime.waiter();
    }

    /** Begins with a round after the first period, when the nodes were probed. */
    void open() {
        scheduleRound(nodes.states().size());
    }

    @Override
    public Reconciliation reconcile(NodeId node) {
        if (!turn.await(() -> take(node), LIMIT)) {
            throw new OrchestratorException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "node '" + node + "' is being compared with its records since " + LIMIT + "; try again later");
        }
        return compare(node);
    }

    private boolean take(NodeId node) {
        synchronized (lock) {
            return busy.add(node);
        }
    }

    /** Compares the node that the caller has taken, and gives it back. */
    private Reconciliation compare(NodeId node) {
        CallContext call = CallContext.startingNow(runtime::nanoTime, LIMIT);
        Restarts known;
        synchronized (lock) {
            known = restarts.computeIfAbsent(node.value(), unused -> new Restarts());
            calls.add(call);
            if (closed) {
                call.cancel();
            }
        }
        try {
            Reconciliation result = pass.run(node, known, call);
            keep(node, result);
            return result;
        } finally {
            synchronized (lock) {
                calls.remove(call);
                busy.remove(node);
            }
            turn.wake();
        }
    }

    @Override
    public List<Stray> strays() {
        synchronized (lock) {
            return latest.values().stream()
                    .flatMap(result -> result.strays().stream())
                    .toList();
        }
    }

    /** How long until the restart policy's next start of a container that does not run, at the earliest. */
    Duration restartIn(StoredContainer container) {
        @Nullable Restarts known;
        synchronized (lock) {
            known = restarts.get(container.node().value());
        }
        return (known != null ? known : new Restarts()).dueIn(container, runtime.nanoTime());
    }

    /** Cuts the comparisons short that run, without waiting for them; no round comes after. */
    @Override
    public void close() {
        List<CallContext> running;
        synchronized (lock) {
            closed = true;
            due.clear();
            running = List.copyOf(calls);
        }
        running.forEach(CallContext::cancel);
    }

    private void scheduleRound(int count) {
        byte[] random = new byte[1];
        runtime.randomBytes(random);
        long period = Math.max(SHORTEST_PERIOD_MILLIS, MILLIS_PER_NODE * count);
        // a fifth more or less, so that several control planes do not come together
        runtime.schedule(Duration.ofMillis(period * (800 + 400L * (random[0] & 255) / 255) / 1_000), this::round);
    }

    private void round() {
        List<NodeState> states = nodes.states();
        int toStart = 0;
        synchronized (lock) {
            if (closed) {
                return;
            }
            List<String> registered =
                    states.stream().map(state -> state.id().value()).toList();
            latest.keySet().retainAll(registered);
            restarts.keySet().retainAll(registered);
            states.stream()
                    .filter(state -> state.status() == NodeStatus.READY)
                    .map(NodeState::id)
                    .filter(id -> !busy.contains(id))
                    .forEach(due::add);
            while (workers < Math.min(MAX_WORKERS, due.size())) {
                workers++;
                toStart++;
            }
        }
        // first, so that nothing that goes wrong below is the end of it
        scheduleRound(states.size());
        for (int started = 0; started < toStart; started++) {
            startWorker();
        }
    }

    private void startWorker() {
        boolean started = false;
        try {
            runtime.execute("reconcile", this::work);
            started = true;
        } finally {
            if (!started) {
                synchronized (lock) {
                    workers--;
                }
            }
        }
    }

    private void work() {
        @Nullable NodeId node = next();
        while (node != null) {
            try {
                compare(node);
            } catch (OrchestratorException failure) {
                LOG.info("node '{}' could not be compared with its records: {}", node, failure.getMessage());
            } catch (RuntimeException | Error failure) {
                LOG.error("node '{}' could not be compared with its records", node, failure);
            }
            node = next();
        }
    }

    /** Takes the node to go on with; null ends the worker. */
    private @Nullable NodeId next() {
        synchronized (lock) {
            due.removeAll(busy);
            Iterator<NodeId> first = due.iterator();
            if (first.hasNext()) {
                NodeId node = first.next();
                first.remove();
                busy.add(node);
                return node;
            }
            workers--;
            return null;
        }
    }

    private void keep(NodeId node, Reconciliation result) {
        @Nullable Reconciliation before;
        synchronized (lock) {
            before = latest.put(node.value(), result);
        }
        boolean newStrays = !result.strays().isEmpty()
                && (before == null || !before.strays().equals(result.strays()));
        if (newStrays) {
            LOG.warn(
                    "node '{}' has {} containers of ours that no record explains; they are left alone: {}",
                    node,
                    result.strays().size(),
                    result.strays());
        }
        if (result.held() > 0 && (before == null || before.held() != result.held())) {
            LOG.warn(
                    "node '{}' has {} containers that are deleted by their records; the sweep policy keeps them",
                    node,
                    result.held());
        }
    }
}
