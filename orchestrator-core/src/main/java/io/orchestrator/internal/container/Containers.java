package io.orchestrator.internal.container;

import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.Desired;
import io.orchestrator.container.Explanation;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.internal.operation.Committer;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Store;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What every handle on a container needs: its record, its node, and the operations that change it. */
final class Containers {
    private static final Duration REFRESH_TIMEOUT = Duration.ofSeconds(10);

    final Nodes nodes;
    final HostRuntime runtime;
    final LaunchOperation launch;
    private final RelaunchOperation relaunch;
    private final Store store;
    private final Operations operations;
    private final Function<ContainerId, Explanation> explainer;
    private final Committer committer;
    private final Map<Action, ActionOperation> actions = new EnumMap<>(Action.class);

    /** @param explainer what a handle is told when it asks why */
    Containers(
            Store store,
            HostRuntime runtime,
            Nodes nodes,
            Operations operations,
            ContainerSteps steps,
            Function<ContainerId, Explanation> explainer) {
        this.store = store;
        this.runtime = runtime;
        this.nodes = nodes;
        this.operations = operations;
        this.explainer = explainer;
        this.committer = new Committer(store);
        for (Action action : Action.values()) {
            actions.put(action, new ActionOperation(action, steps, this::view));
        }
        this.launch = new LaunchOperation(steps, stored -> handle(stored.id()), (driver, key) -> cancel(key));
        this.relaunch = new RelaunchOperation(steps, this::view);
        operations.define(launch);
        operations.define(relaunch);
        Arrays.stream(Action.values()).map(actions::get).forEach(operations::define);
    }

    Container handle(ContainerId id) {
        return new ContainerHandle(id, this);
    }

    /** The container's record, tombstones included. */
    StoredContainer read(ContainerId id) {
        return find(id).orElseThrow(() -> OrchestratorException.notFound("container", id.value()));
    }

    Optional<StoredContainer> find(ContainerId id) {
        return store.find(StoredContainer.key(id)).map(StoredContainer::read);
    }

    Explanation explain(ContainerId id) {
        return explainer.apply(id);
    }

    ContainerState view(StoredContainer container) {
        boolean reachable = nodes.state(container.node())
                .map(NodeState::status)
                .filter(status -> status != NodeStatus.UNREACHABLE)
                .isPresent();
        return container.state(reachable);
    }

    Operation<ContainerState> submit(ContainerId id, Action action) {
        ActionOperation type = operationType(action);
        RecordKey key = StoredContainer.key(id);
        StoredContainer current = read(id);
        boolean nothingLeft = action == Action.REMOVE
                || (action == Action.REMOVE_WITH_VOLUMES
                        && current.spec().volumes().isEmpty());
        if (nothingLeft && current.removed()) {
            return operations.attach(type, current.base());
        }
        ActionOperation thorough = operationType(Action.REMOVE_WITH_VOLUMES);
        if (action == Action.REMOVE
                && pendingType(current).filter(thorough.name()::equals).isPresent()) {
            return operations.attach(thorough, current.base());
        }
        return operations.change(type, key, type::desire, type::preempts);
    }

    /** Asks the node and stores what it shows, unless an operation is under way, which looks for itself. */
    ContainerState refresh(ContainerId id) {
        return view(look(id));
    }

    /** The container's record after a look at its node. */
    StoredContainer look(ContainerId id) {
        while (true) {
            StoredContainer container = read(id);
            if (container.removed()
                    || container.base().pending().isPresent()
                    || container.engineId().isEmpty()) {
                return container;
            }
            CallContext call = CallContext.startingNow(runtime::nanoTime, REFRESH_TIMEOUT);
            Optional<ObservedContainer> seen =
                    transport(container).inspect(call, container.engineId().get());
            ResourceRecord observed = Observation.of(container, seen).record();
            if (observed.equals(container.base())) {
                return container;
            }
            JournalDraft entry =
                    new JournalDraft(runtime.now(), observed.key(), "", "container/observed", observed.observed());
            Optional<ResourceRecord> stored = committer.commit(observed, Map.of(), entry);
            if (stored.isPresent()) {
                return StoredContainer.read(stored.get());
            }
        }
    }

    /** Starts it once more, as its restart policy wants; throws if it changed meanwhile. */
    void relaunch(ContainerId id) {
        operations.change(relaunch, StoredContainer.key(id), RelaunchOperation::desire, running -> false);
    }

    /** Forgets the restarts of a container that is stable; if somebody changes it at the same time, next time. */
    void forgive(StoredContainer container) {
        JournalDraft entry =
                new JournalDraft(runtime.now(), container.base().key(), "", "container/stable", "restarts begin anew");
        var unused = committer.commit(container.restarts(0).record(), Map.of(), entry);
    }

    NodeTransport transport(StoredContainer container) {
        return nodes.transport(container.node());
    }

    /** The engine id of a container that is to be read or entered. */
    String engineId(StoredContainer container) {
        return container
                .engineId()
                .filter(unused -> container.desired() != Desired.REMOVED)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.CONFLICT,
                        "container '" + container.id() + "' is not on its node; look at its state for the reason"));
    }

    /** The node's optional ability for this container. */
    <A> A ability(StoredContainer container, Class<A> ability) {
        return transport(container)
                .as(ability)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNSUPPORTED, "node '" + container.node() + "' has no " + ability.getSimpleName()));
    }

    private boolean cancel(RecordKey key) {
        submit(ContainerId.of(key.id()), Action.REMOVE);
        return true;
    }

    private ActionOperation operationType(Action action) {
        ActionOperation type = actions.get(action);
        if (type == null) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "no operation for " + action);
        }
        return type;
    }

    private static Optional<String> pendingType(StoredContainer container) {
        return container.base().pending().map(PendingOperation::type);
    }
}
