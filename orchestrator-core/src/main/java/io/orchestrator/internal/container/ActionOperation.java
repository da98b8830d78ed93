package io.orchestrator.internal.container;

import io.orchestrator.container.Action;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** What is done to a container that was launched: the steps of each action, and what an action may replace. */
final class ActionOperation implements OperationType<ContainerState> {
    private final Action action;
    private final ContainerSteps steps;
    private final Function<StoredContainer, ContainerState> view;

    ActionOperation(Action action, ContainerSteps steps, Function<StoredContainer, ContainerState> view) {
        this.action = action;
        this.steps = steps;
        this.view = view;
    }

    static String name(Action action) {
        return "container." + action.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String name() {
        return name(action);
    }

    @Override
    public List<Step> steps(ResourceRecord record) {
        StoredContainer container = StoredContainer.read(record);
        List<Step> list = new ArrayList<>();
        switch (action) {
            case START -> list.addAll(LaunchOperation.forward(steps, container, false));
            case STOP -> list.add(steps.stop(container));
            case RESTART -> {
                list.add(steps.stop(container));
                list.addAll(LaunchOperation.forward(steps, container, false));
            }
            case REMOVE -> {
                if (onNode(container)) {
                    list.add(steps.remove());
                }
                // a launch that was not brought to its end leaves nothing behind, as if it had failed
                container.madeVolumes().forEach(volume -> list.add(steps.takeBackVolume(volume)));
                list.add(steps.bury());
            }
            case REMOVE_WITH_VOLUMES -> {
                if (onNode(container)) {
                    list.add(steps.remove());
                }
                container.spec().volumes().stream()
                        .map(VolumeMount::volume)
                        .distinct()
                        .forEach(volume -> list.add(steps.removeVolume(volume)));
                list.add(steps.bury());
            }
        }
        return list;
    }

    /** A removed container is gone, and so is one whose launch was given up, even if its node is gone too. */
    private static boolean onNode(StoredContainer container) {
        return !container.removed() && container.failure().isEmpty();
    }

    /** What is not to run, or not to be, is never given up. */
    @Override
    public Optional<Duration> timeout() {
        return switch (action) {
            case START, RESTART -> Optional.of(LaunchOperation.TIMEOUT);
            case STOP, REMOVE, REMOVE_WITH_VOLUMES -> Optional.empty();
        };
    }

    @Override
    public String lastStep(ResourceRecord record) {
        return action == Action.START || action == Action.RESTART
                ? ContainerSteps.START
                : OperationType.super.lastStep(record);
    }

    /**
     * What is desired stays desired: a stop or removal is never given up, because the node comes back or the container is
     * found gone; a start only when the node answers that it cannot be, or after its time.
     */
    @Override
    public boolean persistsIn(OrchestratorException failure) {
        return switch (action) {
            case START, RESTART -> failure.code() == ErrorCode.NODE_UNREACHABLE;
            case STOP, REMOVE, REMOVE_WITH_VOLUMES -> true;
        };
    }

    @Override
    public StepOutcome failed(ResourceRecord record, PendingOperation.Failure failure) {
        StoredContainer container = StoredContainer.read(record);
        return StepOutcome.next(container
                .observed(ContainerStatus.FAILED)
                .ended(OptionalInt.empty(), failure.message())
                .record());
    }

    @Override
    public ContainerState result(ResourceRecord record) {
        return view.apply(StoredContainer.read(record));
    }

    /** The record as its owner now wants it. */
    ResourceRecord desire(ResourceRecord record) {
        StoredContainer container = StoredContainer.read(record);
        if (action == Action.REMOVE || action == Action.REMOVE_WITH_VOLUMES) {
            return container.desired(Desired.REMOVED).record();
        }
        if (container.removed() || container.desired() == Desired.REMOVED) {
            throw OrchestratorException.notFound("container", container.id().value());
        }
        if (container.failure().isPresent()) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "container '" + container.id() + "' failed to launch and cannot "
                            + action.name().toLowerCase(Locale.ROOT) + "; remove it and launch another");
        }
        if (action == Action.STOP) {
            return container.desired(Desired.STOPPED).record();
        }
        boolean runs = record.observed().equals(ContainerStatus.RUNNING.name());
        StoredContainer wanted = container.desired(Desired.RUNNING).restarts(0);
        return action == Action.START && runs
                ? wanted.record()
                : wanted.nextGeneration().observed(ContainerStatus.PENDING).record();
    }

    /** A removal replaces everything but a removal; a stop replaces what would make the container run. */
    boolean preempts(PendingOperation running) {
        return switch (action) {
            case REMOVE -> !running.type().equals(name(Action.REMOVE_WITH_VOLUMES));
            case REMOVE_WITH_VOLUMES -> true;
            case STOP ->
                running.failure().isEmpty()
                        && (running.type().equals(LaunchOperation.NAME)
                                || running.type().equals(RelaunchOperation.NAME)
                                || running.type().equals(name(Action.START))
                                || running.type().equals(name(Action.RESTART)));
            // whoever asks for a start gets one, with a full budget
            case START, RESTART -> running.failure().isEmpty() && running.type().equals(RelaunchOperation.NAME);
        };
    }
}
