package io.orchestrator.internal.container;

import io.orchestrator.container.Action;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Explanation;
import io.orchestrator.container.Explanation.Reason;
import io.orchestrator.container.Explanation.Underway;
import io.orchestrator.container.RestartPolicy;
import io.orchestrator.container.Stray;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.internal.operation.OperationDriver;
import io.orchestrator.internal.operation.Trouble;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Store;
import java.time.Duration;
import java.util.Optional;

/** Says why a container is as it is, from its record and what this process knows; asks no node. Thread-safe. */
final class Explainer {
    /** Longer than any id of a container, an operation or an engine. */
    private static final int LONGEST_ID = 256;

    private final Store store;
    private final Nodes nodes;
    private final OperationDriver driver;
    private final ReconcileLoop reconciler;
    private final Sweeper sweeper;

    Explainer(Store store, Nodes nodes, OperationDriver driver, ReconcileLoop reconciler, Sweeper sweeper) {
        this.store = store;
        this.nodes = nodes;
        this.driver = driver;
        this.reconciler = reconciler;
        this.sweeper = sweeper;
    }

    /** @param owner whose containers alone exist; empty for those of everybody */
    Explanation explain(String id, Optional<String> owner) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw OrchestratorException.notFound("container", id.isEmpty() ? "" : id.substring(0, 26) + "…");
        }
        Optional<ResourceRecord> record = key(id).flatMap(store::find);
        if (record.isEmpty()) {
            record = driver.find(new OperationId(id))
                    .map(Operation::target)
                    .filter(target -> target.kind().equals(StoredContainer.KIND))
                    .flatMap(store::find);
        }
        if (record.isPresent()) {
            return record.filter(found -> owner.isEmpty() || owner.get().equals(found.owner()))
                    .map(found -> ofRecord(id, found))
                    .orElseThrow(() -> OrchestratorException.notFound("container", id));
        }
        return reconciler.strays().stream()
                .filter(stray -> owner.isEmpty() && stray.engineId().equals(id))
                .findFirst()
                .map(Explainer::ofStray)
                .orElseThrow(() -> OrchestratorException.notFound("container", id));
    }

    private static Optional<RecordKey> key(String id) {
        try {
            return Optional.of(StoredContainer.key(ContainerId.of(id)));
        } catch (OrchestratorException anotherShape) {
            return Optional.empty();
        }
    }

    private static Explanation ofStray(Stray stray) {
        return Explanation.builder(stray.engineId(), Reason.QUARANTINED)
                .message("container '" + stray.name() + "' with engine id '" + stray.engineId() + "' on node '"
                        + stray.node() + "' is left alone: " + stray.reason())
                .nextStep("look at it on node '" + stray.node() + "'; if nobody needs it, remove it there by hand")
                .node(stray.node())
                .fact(stray.running() ? "it runs" : "it does not run")
                .build();
    }

    private Explanation ofRecord(String subject, ResourceRecord record) {
        StoredContainer container;
        ContainerState state;
        try {
            container = StoredContainer.read(record);
            state = container.state(true);
        } catch (RuntimeException unreadable) {
            Explanation.Builder answer = Explanation.builder(subject, Reason.UNREADABLE)
                    .container(ContainerId.of(record.key().id()))
                    .message("the record of container '" + record.key().id() + "' on node '" + record.node()
                            + "' cannot be read: " + unreadable.getMessage())
                    .nextStep("open the store with the version of the library that wrote it")
                    .fact(record.toString());
            nodes.states().stream()
                    .map(NodeState::id)
                    .filter(node -> node.value().equals(record.node()))
                    .forEach(answer::node);
            return answer.build();
        }
        Optional<NodeState> node = nodes.state(container.node());
        Explanation.Builder answer = answer(subject, container, state, node)
                .container(container.id())
                .node(container.node())
                .fact("desired " + container.desired() + ", last observed " + record.observed() + ", generation "
                        + record.generation() + ", launched at " + state.createdAt())
                .fact(Sentences.node(container.node(), node));
        node.map(NodeState::reason)
                .filter(why -> !why.isEmpty())
                .ifPresent(why -> answer.fact("node '" + container.node() + "': " + why));
        if (!state.reason().isEmpty()) {
            answer.fact("stored reason: " + state.reason());
        }
        if (state.restarts() > 0) {
            answer.fact("restarted " + state.restarts() + " times in a row by its policy, of "
                    + container.spec().restart().budget() + " at most");
        }
        state.exitCode().ifPresent(answer::exitCode);
        return answer.build();
    }

    private Explanation.Builder answer(
            String subject, StoredContainer container, ContainerState state, Optional<NodeState> node) {
        Sentences say = new Sentences(subject, container, state);
        boolean away = node.filter(NodeState::healthy).isEmpty();
        Optional<PendingOperation> pending = container.base().pending();
        if (pending.isPresent()) {
            Optional<Trouble> trouble = driver.trouble(container.base().key(), pending.get());
            Underway underway = underway(pending.get(), trouble);
            return underway(say, pending.get(), underway, away, node).underway(underway);
        }
        if (container.removed()) {
            return say.removed();
        }
        if (container.failure().isPresent()) {
            return say.launchFailed(container.failure().get(), state.reason());
        }
        boolean ran = container.base().observed().equals(ContainerStatus.RUNNING.name());
        boolean restartWanted = RelaunchOperation.wanted(container);
        if (away && (ran || restartWanted)) {
            return say.waitingForNode(node);
        }
        return switch (container.desired()) {
            case REMOVED -> say.plain(Reason.REMOVING, "is to be removed");
            case STOPPED ->
                ran
                        ? say.plain(
                                Reason.STOPPING, "runs though it is to be stopped, and is stopped in the next round")
                        : say.plain(Reason.STOPPED_AS_DESIRED, "is stopped, as its owner wants");
            case RUNNING ->
                ran
                        ? say.plain(Reason.RUNNING_AS_DESIRED, "runs on node '" + container.node() + "'")
                        : doesNotRun(say, container, state, restartWanted);
        };
    }

    private Explanation.Builder doesNotRun(
            Sentences say, StoredContainer container, ContainerState state, boolean restartWanted) {
        if (!restartWanted) {
            RestartPolicy policy = container.spec().restart();
            // with a budget to spare the policy would want it
            boolean spent = state.restarts() > 0 && policy.applies(state.status(), 0);
            return spent ? say.restartsSpent(policy) : say.ended(policy);
        }
        if (sweeper.mostNodesAreAway()) {
            long away = nodes.states().stream()
                    .filter(other -> other.status() == NodeStatus.UNREACHABLE)
                    .count();
            return say.heldBack(away, nodes.states().size());
        }
        Duration dueIn = reconciler.restartIn(container);
        return say.backingOff(dueIn).dueIn(dueIn);
    }

    private static Explanation.Builder underway(
            Sentences say, PendingOperation pending, Underway underway, boolean away, Optional<NodeState> node) {
        if (away) {
            return say.waitingForNode(node);
        }
        if (pending.failure().isPresent()) {
            PendingOperation.Failure failure = pending.failure().get();
            return say.launchFailed(failure.code(), failure.message());
        }
        if (underway.failures() > 0) {
            return say.retrying(underway);
        }
        if (pending.type().equals(ActionOperation.name(Action.REMOVE))
                || pending.type().equals(ActionOperation.name(Action.REMOVE_WITH_VOLUMES))) {
            return say.busy(Reason.REMOVING, "is being removed", underway);
        }
        return pending.type().equals(ActionOperation.name(Action.STOP))
                ? say.busy(Reason.STOPPING, "is being stopped", underway)
                : say.busy(Reason.LAUNCHING, "is on its way to run", underway);
    }

    private static Underway underway(PendingOperation pending, Optional<Trouble> trouble) {
        return new Underway(
                pending.id(),
                pending.type(),
                pending.step(),
                trouble.map(Trouble::failures).orElse(0),
                trouble.map(Trouble::message).orElse(""),
                trouble.map(Trouble::code));
    }
}
