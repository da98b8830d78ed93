package io.orchestrator.service;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepOutcome;
import java.util.List;
import java.util.function.Function;

/** Restart: the container, then the same readiness as at the beginning. A failed restart keeps what there is. */
final class RestartOperation implements OperationType<Service> {
    private static final String NAME = "service.restart";

    private final ServiceSteps steps;
    private final Function<StoredService, Service> live;

    RestartOperation(ServiceSteps steps, Function<StoredService, Service> live) {
        this.steps = steps;
        this.live = live;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Step> steps(ResourceRecord record) {
        return List.of(steps.noteGeneration(), steps.restart(), steps.ready(), steps.confirm());
    }

    @Override
    public int maxTries() {
        return ProvisionOperation.TRIES;
    }

    @Override
    public StepOutcome failed(ResourceRecord record, PendingOperation.Failure failure) {
        return StepOutcome.next(StoredService.read(record)
                .observed(ServiceStatus.FAILED, failure.message())
                .forgetRestart()
                .record());
    }

    @Override
    public Service result(ResourceRecord record) {
        return live.apply(StoredService.read(record));
    }

    /** The record as its owner now wants it. */
    static ResourceRecord desire(ResourceRecord record) {
        StoredService service = StoredService.read(record);
        if (service.removed() || service.removing()) {
            throw OrchestratorException.notFound("service", service.id().value());
        }
        if (service.failure().isPresent()) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "service '" + service.id() + "' failed to launch and cannot restart; remove it and launch another");
        }
        return service.observed(ServiceStatus.PENDING, "")
                .health(ServiceHealth.UNCHECKED)
                .record();
    }
}
