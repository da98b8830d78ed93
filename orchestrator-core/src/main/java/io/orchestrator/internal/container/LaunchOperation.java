package io.orchestrator.internal.container;

import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Launch: volumes, create, start; pull and discard on the side. A failed launch leaves nothing on the node. */
final class LaunchOperation implements OperationType<Container> {
    static final String NAME = "container.launch";
    /** For all that makes a container run: a pull of ten minutes, and some tries. */
    static final Duration TIMEOUT = Duration.ofMinutes(15);

    private final ContainerSteps steps;
    private final Function<StoredContainer, Container> handle;
    private final BiFunction<Operations, RecordKey, Boolean> removal;

    /**
     * @param handle makes what a caller gets
     * @param removal submits the removal that a cancelled launch becomes
     */
    LaunchOperation(
            ContainerSteps steps,
            Function<StoredContainer, Container> handle,
            BiFunction<Operations, RecordKey, Boolean> removal) {
        this.steps = steps;
        this.handle = handle;
        this.removal = removal;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps(ResourceRecord record) {
        return forward(steps, StoredContainer.read(record), true);
    }

    /**
     * The steps that make a container run, whether or not the engine has it already.
     *
     * @param first whether volumes made on the way are to be taken back if it fails
     */
    static List<Step> forward(ContainerSteps steps, StoredContainer container, boolean first) {
        List<Step> list = new ArrayList<>();
        container.spec().volumes().stream()
                .map(VolumeMount::volume)
                .distinct()
                .forEach(volume -> list.add(steps.createVolume(volume, first)));
        list.addAll(List.of(steps.create(), steps.start(), steps.pull(), steps.discard()));
        return list;
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.of(TIMEOUT);
    }

    @Override
    public String lastStep(ResourceRecord record) {
        return ContainerSteps.START;
    }

    @Override
    public List<Step> cleanup(ResourceRecord record) {
        List<Step> list = new ArrayList<>();
        list.add(steps.remove());
        StoredContainer.read(record).madeVolumes().forEach(volume -> list.add(steps.takeBackVolume(volume)));
        return list;
    }

    @Override
    public StepOutcome failed(ResourceRecord record, PendingOperation.Failure failure) {
        StoredContainer container = StoredContainer.read(record);
        ResourceRecord failed = container
                .releaseKeys(false)
                .keepVolumes()
                .failed(failure.code(), failure.message())
                .desired(Desired.STOPPED)
                .observed(ContainerStatus.FAILED)
                .record();
        return steps.release(StepOutcome.next(failed), container);
    }

    @Override
    public Container result(ResourceRecord record) {
        return handle.apply(StoredContainer.read(record).requireLaunched());
    }

    @Override
    public boolean cancel(Operations operations, RecordKey target) {
        return removal.apply(operations, target);
    }
}
