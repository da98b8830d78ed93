package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** A start that nobody asked for, by the container's restart policy; counted in the record, so that a crash forgets none. */
final class RelaunchOperation implements OperationType<ContainerState> {
    static final String NAME = "container.relaunch";

    private final ContainerSteps steps;
    private final Function<StoredContainer, ContainerState> view;

    RelaunchOperation(ContainerSteps steps, Function<StoredContainer, ContainerState> view) {
        this.steps = steps;
        this.view = view;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps(ResourceRecord record) {
        return LaunchOperation.forward(steps, StoredContainer.read(record), false);
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(LaunchOperation.TIMEOUT);
    }

    @Override
    public String lastStep(ResourceRecord record) {
        return ContainerSteps.START;
    }

    @Override
    public StepOutcome failed(ResourceRecord record, PendingOperation.Failure failure) {
        return StepOutcome.next(StoredContainer.read(record)
                .observed(ContainerStatus.FAILED)
                .ended(OptionalInt.empty(), failure.message())
                .record());
    }

    @Override
    public ContainerState result(ResourceRecord record) {
        return view.apply(StoredContainer.read(record));
    }

    /** Whether the policy wants the container started once more, now or later. */
    static boolean wanted(StoredContainer container) {
        return container.base().pending().isEmpty()
                && container.desired() == Desired.RUNNING
                && container.failure().isEmpty()
                && container
                        .spec()
                        .restart()
                        .applies(ContainerStatus.valueOf(container.base().observed()), container.restarts());
    }

    /** The record of the container's next life; refuses if its owner or somebody else was faster. */
    static ResourceRecord desire(ResourceRecord record) {
        StoredContainer container = StoredContainer.read(record);
        if (!wanted(container)) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT, "container '" + container.id() + "' changed and is not restarted");
        }
        return container
                .restarts(container.restarts() + 1)
                .nextGeneration()
                .observed(ContainerStatus.PENDING)
                .record();
    }
}
