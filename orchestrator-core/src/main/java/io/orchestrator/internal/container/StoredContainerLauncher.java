package io.orchestrator.internal.container;

import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.Explanation;
import io.orchestrator.container.SweepPolicy;
import io.orchestrator.internal.json.Hashes;
import io.orchestrator.internal.json.Json;
import io.orchestrator.internal.json.ReadableRecords;
import io.orchestrator.internal.node.Ledger;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.internal.operation.Ids;
import io.orchestrator.internal.operation.OperationDriver;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeState;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.UniqueKeyException;
import io.orchestrator.placement.PlacementStrategy;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The launcher: places, commits the intent, and leaves the rest to the operation's steps. */
public final class StoredContainerLauncher implements ContainerLauncher {
    /** How often a launch is placed anew when others took its room or its ports first. */
    private static final int MAX_PLACEMENTS = 100;

    private final Store store;
    private final HostRuntime runtime;
    private final Operations operations;
    private final Placer placer;
    private final PortChooser ports;
    private final Containers containers;
    private final ReconcileLoop reconciler;
    private final Explainer explainer;
    private final ReadableRecords readable = new ReadableRecords();

    public StoredContainerLauncher(
            Store store,
            HostRuntime runtime,
            Nodes nodes,
            OperationDriver operations,
            PlacementStrategy strategy,
            SweepPolicy sweep,
            String installation) {
        this.store = store;
        this.runtime = runtime;
        this.operations = operations;
        this.placer = new Placer(nodes, store, strategy);
        this.ports = new PortChooser(store, runtime);
        EngineNames names = new EngineNames(installation);
        this.containers = new Containers(
                store,
                runtime,
                nodes,
                operations,
                new ContainerSteps(nodes, names, ports, new VolumeUsers(store)),
                id -> explain(id.value()));
        Sweeper sweeper = new Sweeper(store, runtime, nodes, names, sweep);
        this.reconciler = new ReconcileLoop(nodes, runtime, new NodePass(store, nodes, containers, sweeper));
        this.explainer = new Explainer(store, nodes, operations, reconciler, sweeper);
    }

    /** Goes on with every operation that was under way when the store was last closed or its host died. */
    public void open() {
        operations.resume(StoredContainer.KIND);
        reconciler.open();
    }

    /** What keeps the records and the nodes in agreement; it begins with {@link #open}. */
    public ReconcileLoop reconciler() {
        return reconciler;
    }

    @Override
    public Operation<Container> submit(ContainerSpec spec) {
        String requestHash = Hashes.sha256(Json.write(SpecCodec.write(spec)));
        Optional<String> key = spec.idempotencyKey()
                .map(value -> StoredContainer.KEY_PREFIX + spec.owner() + "/" + Hashes.sha256(value));
        Optional<Operation<Container>> earlier =
                key.flatMap(store::findByUniqueKey).map(record -> replay(record, requestHash));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        boolean exactPorts = false;
        for (int placement = 0; placement < MAX_PLACEMENTS; placement++) {
            NodeState node = placer.place(spec);
            try {
                return create(spec, node, key, requestHash, exactPorts);
            } catch (Ledger.NoRoomException full) {
                // somebody else took the room between the choice and the commit: choose again
            } catch (UniqueKeyException taken) {
                if (key.filter(taken.uniqueKey()::equals).isPresent()) {
                    return replay(store.findByUniqueKey(taken.uniqueKey()).orElseThrow(() -> taken), requestHash);
                }
                refuseUnlessChosen(spec, node.id(), taken);
                exactPorts = true;
            }
        }
        throw new OrchestratorException(
                ErrorCode.NO_NODE, "room and ports were taken by other launches " + MAX_PLACEMENTS + " times");
    }

    private Operation<Container> create(
            ContainerSpec spec, NodeState node, Optional<String> key, String requestHash, boolean exactPorts) {
        ContainerId id = ContainerId.of(Ids.next(runtime));
        ResourceRecord.Builder record = ResourceRecord.builder(StoredContainer.key(id))
                .owner(spec.owner())
                .node(node.id().value())
                .desired(Desired.RUNNING.name())
                .observed(ContainerStatus.PENDING.name());
        spec.labels().forEach(record::label);
        key.ifPresent(record::uniqueKey);
        spec.name().ifPresent(name -> record.uniqueKey(StoredContainer.NAME_PREFIX + spec.owner() + "/" + name));
        StoredContainer fresh = StoredContainer.fresh(record.build(), spec, requestHash, runtime.now())
                .ports(ports.choose(spec, node.spec(), exactPorts, Set.of()));
        long memoryMib = node.report().map(NodeReport::memoryMib).orElse(0L);
        return operations.create(
                containers.launch,
                fresh.record(),
                Map.of(Ledger.key(node.id()), Ledger.reserve(spec.limits(), memoryMib)));
    }

    /** A taken name, or a taken port that the caller insists on, is the caller's problem; a port we chose is ours. */
    private void refuseUnlessChosen(ContainerSpec spec, NodeId node, UniqueKeyException taken) {
        String key = taken.uniqueKey();
        if (key.startsWith(StoredContainer.NAME_PREFIX)) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "owner '" + spec.owner() + "' has a container named '"
                            + spec.name().orElse("") + "' already; remove it or choose another name");
        }
        boolean insisted = spec.ports().stream()
                .filter(port -> port.hostPort() != 0)
                .anyMatch(port -> StoredContainer.portKey(node, port.protocol(), port.hostPort())
                        .equals(key));
        if (insisted) {
            throw new OrchestratorException(
                    ErrorCode.PORT_TAKEN,
                    "host port '" + key.substring(StoredContainer.PORT_PREFIX.length())
                            + "' is reserved by another container; leave the choice to the library");
        }
    }

    private Operation<Container> replay(ResourceRecord record, String requestHash) {
        StoredContainer first = StoredContainer.read(record);
        if (!first.requestHash().equals(requestHash)) {
            throw new OrchestratorException(
                    ErrorCode.IDEMPOTENCY_MISMATCH,
                    "the idempotency key was used for container '" + first.id() + "' with another specification");
        }
        return operations.attach(containers.launch, record);
    }

    @Override
    public Optional<Container> find(ContainerId id) {
        return containers.find(id).filter(container -> !container.removed()).map(unused -> containers.handle(id));
    }

    @Override
    public Page<ContainerState> list(ContainerQuery query) {
        return list(query, RecordQuery.of(StoredContainer.KIND));
    }

    Page<ContainerState> list(ContainerQuery query, RecordQuery base) {
        RecordQuery records = base.notObserved(ContainerStatus.REMOVED.name())
                .labelled(new TreeMap<>(query.labels()))
                .after(query.cursor())
                .limit(query.limit());
        if (query.node().isPresent()) {
            records = records.on(query.node().get().value());
        }
        if (query.status().isPresent()) {
            records = records.observed(query.status().get().name());
        }
        return readable.page(store.page(records), record -> containers.view(StoredContainer.read(record)));
    }

    @Override
    public Explanation explain(String id) {
        return explain(id, Optional.empty());
    }

    /** @param owner whose containers alone exist; empty for those of everybody */
    Explanation explain(String id, Optional<String> owner) {
        return explainer.explain(id, owner);
    }

    @Override
    public ContainerLauncher ownedBy(String owner) {
        return new OwnedLauncher(this, containers, owner);
    }
}
