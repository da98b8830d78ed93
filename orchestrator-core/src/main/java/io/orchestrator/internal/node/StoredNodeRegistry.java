package io.orchestrator.internal.node;

import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.node.Registration;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry: records in the store, health in memory.
 *
 * <p>Each node is probed every five seconds with a deadline of its own; only a change of status is stored. No lock is
 * held during a store or node call.
 */
public final class StoredNodeRegistry implements NodeRegistry, Nodes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredNodeRegistry.class);
    private static final Duration PROBE_PERIOD = Duration.ofSeconds(5);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
    private static final int UNREACHABLE_AFTER = 3;

    private final Object lock = new Object();
    private final SortedMap<String, LiveNode> live = new TreeMap<>();
    private final Store store;
    private final HostRuntime runtime;
    private final List<Transport> transports;
    private final String installation;
    private final Waiter probed;
    private boolean closed;

    public StoredNodeRegistry(Store store, HostRuntime runtime, List<Transport> transports, String installation) {
        this.store = store;
        this.runtime = runtime;
        this.transports = List.copyOf(transports);
        this.installation = installation;
        this.probed = runtime.waiter();
    }

    /** Takes up the stored nodes, as after a restart, and begins to probe. A node nobody can reach any more is kept and said. */
    public void open() {
        Optional<String> cursor = Optional.empty();
        do {
            Page<ResourceRecord> page =
                    store.page(RecordQuery.of(NodeCodec.KIND).after(cursor));
            for (ResourceRecord record : page.items()) {
                try {
                    NodeState state = NodeCodec.read(record);
                    add(state.spec(), state);
                } catch (OrchestratorException unusable) {
                    LOG.error("node '{}' is left alone: {}", record.key().id(), unusable.getMessage());
                }
            }
            cursor = page.next();
        } while (cursor.isPresent());
        probeAll();
    }

    @Override
    public Registration register(NodeSpec spec) {
        NodeTransport transport = connect(spec);
        Optional<ResourceRecord> existing;
        try {
            existing = store(spec);
        } catch (RuntimeException refused) {
            transport.close();
            throw refused;
        }
        NodeState state = new NodeState(
                spec,
                NodeStatus.NEW,
                existing.map(record -> NodeCodec.read(record).registeredAt()).orElseGet(runtime::now),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "not checked yet");
        @Nullable NodeTransport unneeded;
        synchronized (lock) {
            @Nullable LiveNode before = live.get(spec.id().value());
            if (before != null && before.state.spec().uri().equals(spec.uri())) {
                // a node that registers again keeps its connections, and with them its terminals
                live.put(spec.id().value(), new LiveNode(before.transport, state));
                unneeded = transport;
            } else {
                live.put(spec.id().value(), new LiveNode(transport, state));
                unneeded = before == null ? null : before.transport;
            }
        }
        if (unneeded != null) {
            unneeded.close();
        }
        return new Registration(check(spec.id()), existing.isEmpty());
    }

    @Override
    public Page<NodeState> list(Optional<String> cursor, int limit) {
        return store.page(RecordQuery.of(NodeCodec.KIND).after(cursor).limit(limit))
                .map(record -> state(NodeId.of(record.key().id())).orElseGet(() -> NodeCodec.read(record)));
    }

    @Override
    public Optional<NodeState> find(NodeId id) {
        return state(id);
    }

    @Override
    public NodeState check(NodeId id) {
        LiveNode node = node(id);
        long before;
        synchronized (lock) {
            before = node.probes;
        }
        probe(id, node);
        probed.await(() -> probesOf(node) > before, PROBE_TIMEOUT.plusSeconds(1));
        synchronized (lock) {
            return node.state;
        }
    }

    @Override
    public void remove(NodeId id) {
        while (true) {
            Optional<ResourceRecord> record = store.find(NodeCodec.key(id.value()));
            Optional<ResourceRecord> ledger = store.find(Ledger.key(id));
            if (record.isEmpty()) {
                return;
            }
            List<Commit.Change> changes = new ArrayList<>(List.of(Commit.Change.delete(record.get())));
            if (ledger.isPresent()) {
                int containers = Ledger.read(ledger.get()).containers();
                if (containers > 0) {
                    throw new OrchestratorException(
                            ErrorCode.CONFLICT,
                            "node '" + id + "' holds " + containers + " containers; remove them first");
                }
                changes.add(Commit.Change.delete(ledger.get()));
            }
            if (commit(changes, id, "node/removed")) {
                @Nullable LiveNode removed;
                synchronized (lock) {
                    removed = live.remove(id.value());
                }
                if (removed != null) {
                    removed.transport.close();
                }
                return;
            }
        }
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

    @Override
    public void close() {
        List<LiveNode> nodes;
        synchronized (lock) {
            closed = true;
            nodes = List.copyOf(live.values());
            live.clear();
        }
        nodes.forEach(node -> node.transport.close());
    }

    private LiveNode node(NodeId id) {
        synchronized (lock) {
            LiveNode node = live.get(id.value());
            if (node == null) {
                throw OrchestratorException.notFound("node", id.value());
            }
            return node;
        }
    }

    private NodeTransport connect(NodeSpec spec) {
        String scheme = spec.uri().getScheme();
        for (Transport transport : transports) {
            if (transport.schemes().contains(scheme)) {
                return transport.connect(spec, installation, runtime);
            }
        }
        throw OrchestratorException.invalid(
                "no transport serves '" + scheme + "', the scheme of node '" + spec.id() + "'; add one to the builder");
    }

    /** Writes node and ledger; yields the record that was there before. */
    private Optional<ResourceRecord> store(NodeSpec spec) {
        while (true) {
            Optional<ResourceRecord> existing =
                    store.find(NodeCodec.key(spec.id().value()));
            Instant since = existing.map(record -> NodeCodec.read(record).registeredAt())
                    .orElseGet(runtime::now);
            NodeState state = new NodeState(
                    spec,
                    NodeStatus.NEW,
                    since,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "not checked yet");
            List<Commit.Change> changes = new ArrayList<>();
            ResourceRecord before = existing.orElseGet(() ->
                    ResourceRecord.builder(NodeCodec.key(spec.id().value())).build());
            changes.add(Commit.Change.put(NodeCodec.write(before, state)));
            Optional<ResourceRecord> ledger = store.find(Ledger.key(spec.id()));
            if (ledger.isEmpty()) {
                changes.add(Commit.Change.put(Ledger.fresh(spec.id())));
            } else if (existing.isPresent()) {
                refuseMove(spec, NodeCodec.read(existing.get()).spec(), Ledger.read(ledger.get()));
            }
            if (commit(changes, spec.id(), existing.isEmpty() ? "node/registered" : "node/updated")) {
                return existing;
            }
        }
    }

    private static void refuseMove(NodeSpec spec, NodeSpec before, Ledger ledger) {
        if (ledger.containers() > 0 && !before.uri().equals(spec.uri())) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "node '" + spec.id() + "' holds " + ledger.containers()
                            + " containers and cannot move to another uri; remove them first or register another id");
        }
    }

    private boolean commit(List<Commit.Change> changes, NodeId id, String event) {
        JournalDraft entry = new JournalDraft(runtime.now(), NodeCodec.key(id.value()), "", event, "");
        return store.commit(new Commit(changes, List.of(entry))).kind() == CommitResult.Kind.COMMITTED;
    }

    private void add(NodeSpec spec, NodeState state) {
        NodeTransport transport = connect(spec);
        synchronized (lock) {
            live.put(spec.id().value(), new LiveNode(transport, state));
        }
    }

    private void probeAll() {
        List<LiveNode> nodes;
        synchronized (lock) {
            if (closed) {
                return;
            }
            nodes = List.copyOf(live.values());
        }
        nodes.forEach(node -> probe(node.state.id(), node));
        runtime.schedule(PROBE_PERIOD, this::probeAll);
    }

    private void probe(NodeId id, LiveNode node) {
        synchronized (lock) {
            if (node.probing) {
                return;
            }
            node.probing = true;
        }
        var unused = node.transport
                .probe(CallContext.startingNow(runtime::nanoTime, PROBE_TIMEOUT))
                .whenComplete((report, failure) -> learn(id, node, report, failure));
    }

    private void learn(NodeId id, LiveNode node, @Nullable NodeReport report, @Nullable Throwable failure) {
        NodeState before;
        NodeState after;
        synchronized (lock) {
            before = node.state;
            node.misses = report != null ? 0 : node.misses + 1;
            Instant now = runtime.now();
            after = new NodeState(
                    before.spec(),
                    status(node.misses),
                    before.registeredAt(),
                    report != null ? Optional.of(now) : before.lastSeen(),
                    Optional.of(now),
                    report != null ? Optional.of(report) : before.report(),
                    failure == null ? "" : reason(failure));
            node.state = after;
            node.probing = false;
            node.probes++;
        }
        probed.wake();
        if (before.status() != after.status()) {
            LOG.info("node '{}' is {} {}", id, after.status(), after.reason());
            try {
                save(id, after);
            } catch (RuntimeException unsaved) {
                // health lives in memory; the store only remembers it
                LOG.warn("the status of node '{}' was not stored: {}", id, unsaved.getMessage());
            }
        }
    }

    private void save(NodeId id, NodeState state) {
        Optional<ResourceRecord> record = store.find(NodeCodec.key(id.value()));
        if (record.isPresent()) {
            // a lost race means that somebody registered it anew, and its own probe follows
            commit(
                    List.of(Commit.Change.put(NodeCodec.write(record.get(), state))),
                    id,
                    "node/" + state.status().name().toLowerCase(java.util.Locale.ROOT));
        }
    }

    private long probesOf(LiveNode node) {
        synchronized (lock) {
            return node.probes;
        }
    }

    private static NodeStatus status(int misses) {
        if (misses == 0) {
            return NodeStatus.READY;
        }
        return misses < UNREACHABLE_AFTER ? NodeStatus.SUSPECT : NodeStatus.UNREACHABLE;
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return String.valueOf(cause.getMessage());
    }
}
