package io.orchestrator.service;

import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepOutcome;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** Provision: container, running, ready, confirm; another image on the side. What fails is removed with its volume. */
final class ProvisionOperation implements OperationType<Service> {
    static final String NAME = "service.provision";
    static final String LAST = "confirm";
    /** With the driver's back-off, which grows to 10 s, half to two minutes for a service to become ready. */
    static final int TRIES = 12;

    private final ServiceSteps steps;
    private final Function<StoredService, Service> live;
    private final Consumer<ServiceId> removal;

    /**
     * @param live makes what a caller gets
     * @param removal submits the removal that a cancelled launch becomes
     */
    ProvisionOperation(ServiceSteps steps, Function<StoredService, Service> live, Consumer<ServiceId> removal) {
        this.steps = steps;
        this.live = live;
        this.removal = removal;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps(ResourceRecord record) {
        return List.of(steps.container(), steps.running(), steps.ready(), steps.confirm(), steps.otherImage());
    }

    @Override
    public String lastStep(ResourceRecord record) {
        return LAST;
    }

    @Override
    public int maxTries() {
        return TRIES;
    }

    @Override
    public List<Step> cleanup(ResourceRecord record) {
        return List.of(steps.remove(VolumePolicy.DELETE));
    }

    @Override
    public StepOutcome failed(ResourceRecord record, PendingOperation.Failure failure) {
        StoredService service = StoredService.read(record);
        return StepOutcome.next(
                service.failed(failure.code(), failure.message()).record());
    }

    @Override
    public Service result(ResourceRecord record) {
        StoredService service = StoredService.read(record);
        service.failure().ifPresent(code -> {
            throw new OrchestratorException(code, service.reason());
        });
        return live.apply(service);
    }

    @Override
    public boolean cancel(Operations operations, RecordKey target) {
        removal.accept(ServiceId.of(target.id()));
        return true;
    }
}
