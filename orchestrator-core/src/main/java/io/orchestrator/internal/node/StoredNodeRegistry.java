package io.orchestrator.internal.node;

import io.orchestrator.internal.json.ReadableRecords;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.node.Registration;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry: records in the store, connections and health in memory.
 *
 * <p>Registrations and removals of one node take turns, so that memory and store change in the same order. No lock is held
 * during a store or node call.
 */
public final class StoredNodeRegistry implements NodeRegistry, Nodes, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoredNodeRegistry.class);
    private static final Duration TURN = Duration.ofSeconds(30);

    private final Store store;
    private final HostRuntime runtime;
    private final List<Transport> transports;
    private final String installation;
    private final NodeRecords records;
    private final LiveNodes live;
    private final ReadableRecords readable = new ReadableRecords();
    /** Who may change a node now, by the node's id. Guards itself. */
    private final Map<String, Object> turns = new TreeMap<>();

    private final Waiter turn;

    public StoredNodeRegistry(Store store, HostRuntime runtime, List<Transport> transports, String installation) {
        this.store = store;
        this.runtime = runtime;
        this.transports = List.copyOf(transports);
        this.installation = installation;
        this.records = new NodeRecords(store, runtime);
        this.live = new LiveNodes(records, runtime);
        this.turn = runtime.waiter();
    }

    /** Takes up the stored nodes, as after a restart, and begins to probe. A node nobody can reach any more is kept and said. */
    public void open() {
        Optional<String> cursor = Optional.empty();
        do {
            Page<ResourceRecord> page =
                    store.page(RecordQuery.of(NodeCodec.KIND).after(cursor));
            readable.page(page, NodeCodec::read).items().forEach(this::takeUp);
            cursor = page.next();
        } while (cursor.isPresent());
        live.probeAll();
    }

    private void takeUp(NodeState state) {
        try {
            live.put(state, connect(state.spec()));
        } catch (RuntimeException unusable) {
            LOG.error("node '{}' is left alone: {}", state.id(), unusable.getMessage());
        }
    }

    @Override
    public Registration register(NodeSpec spec) {
        NodeTransport connection = connect(spec);
        Registered registered;
        try {
            registered = inTurn(spec.id(), () -> store(spec, connection));
        } catch (RuntimeException refused) {
            LiveNodes.close(spec.id(), connection);
            throw refused;
        }
        return new Registration(live.check(registered.node), registered.created);
    }

    /** A registration that was stored and taken up. */
    private record Registered(LiveNode node, boolean created) {}

    @Override
    public Page<NodeState> list(Optional<String> cursor, int limit) {
        return readable.page(
                store.page(RecordQuery.of(NodeCodec.KIND).after(cursor).limit(limit)),
                record -> state(NodeId.of(record.key().id())).orElseGet(() -> NodeCodec.read(record)));
    }

    @Override
    public Optional<NodeState> find(NodeId id) {
        return live.state(id);
    }

    @Override
    public NodeState check(NodeId id) {
        return live.check(live.node(id));
    }

    @Override
    public void remove(NodeId id) {
        inTurn(id, () -> {
            delete(id);
            live.remove(id);
            return id;
        });
    }

    @Override
    public List<NodeState> states() {
        return live.states();
    }

    @Override
    public Optional<NodeState> state(NodeId id) {
        return live.state(id);
    }

    @Override
    public NodeTransport transport(NodeId id) {
        return live.transport(id);
    }

    @Override
    public void close() {
        live.close();
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

    /** Does the work when no other thread registers or removes that node. */
    private <T> T inTurn(NodeId id, Supplier<T> work) {
        Object token = new Object();
        if (!turn.await(() -> takeTurn(id, token), TURN)) {
            throw new OrchestratorException(
                    ErrorCode.BUSY, "node '" + id + "' is being registered or removed by another call; try again");
        }
        try {
            return work.get();
        } finally {
            synchronized (turns) {
                turns.remove(id.value());
            }
            turn.wake();
        }
    }

    private boolean takeTurn(NodeId id, Object token) {
        synchronized (turns) {
            return turns.computeIfAbsent(id.value(), unused -> token) == token;
        }
    }

    /** Writes node and ledger and takes the node up. */
    private Registered store(NodeSpec spec, NodeTransport connection) {
        while (true) {
            Optional<ResourceRecord> existing = records.find(spec.id());
            Optional<NodeState> before = existing.map(NodeCodec::read);
            NodeState state = new NodeState(
                    spec,
                    NodeStatus.NEW,
                    before.map(NodeState::registeredAt).orElseGet(runtime::now),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    "not checked yet");
            List<Commit.Change> changes = new ArrayList<>();
            ResourceRecord record = existing.orElseGet(() ->
                    ResourceRecord.builder(NodeCodec.key(spec.id().value())).build());
            changes.add(Commit.Change.put(NodeCodec.write(record, state)));
            Optional<ResourceRecord> ledger = records.ledger(spec.id());
            if (ledger.isEmpty()) {
                changes.add(Commit.Change.put(Ledger.fresh(spec.id())));
            } else if (before.isPresent()) {
                refuseMove(spec, before.get().spec(), Ledger.read(ledger.get()));
            }
            if (records.commit(changes, spec.id(), existing.isEmpty() ? "node/registered" : "node/updated")) {
                return new Registered(live.put(state, connection), existing.isEmpty());
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

    /** Deletes node and ledger, if there are any. */
    private void delete(NodeId id) {
        while (true) {
            Optional<ResourceRecord> record = records.find(id);
            Optional<ResourceRecord> ledger = records.ledger(id);
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
            if (records.commit(changes, id, "node/removed")) {
                return;
            }
        }
    }
}
