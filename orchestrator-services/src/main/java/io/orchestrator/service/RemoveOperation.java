package io.orchestrator.service;

import io.orchestrator.container.Desired;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import java.util.List;
import java.util.function.Function;

/** Remove: the containers, then the record's secrets. Never given up; replaces everything but a more thorough removal. */
final class RemoveOperation implements OperationType<ServiceState> {
    private final VolumePolicy policy;
    private final ServiceSteps steps;
    private final Function<StoredService, ServiceState> view;

    RemoveOperation(VolumePolicy policy, ServiceSteps steps, Function<StoredService, ServiceState> view) {
        this.policy = policy;
        this.steps = steps;
        this.view = view;
    }

    static String name(VolumePolicy policy) {
        return policy == VolumePolicy.DELETE ? "service.remove-with-volumes" : "service.remove";
    }

    @Override
    public String name() {
        return name(policy);
    }

    @Override
    public List<Step> steps(ResourceRecord record) {
        return List.of(steps.remove(policy), steps.bury());
    }

    /** A removal is never given up. */
    @Override
    public boolean persistsIn(OrchestratorException failure) {
        return true;
    }

    @Override
    public ServiceState result(ResourceRecord record) {
        return view.apply(StoredService.read(record));
    }

    /** The record as its owner now wants it. */
    static ResourceRecord desire(ResourceRecord record) {
        return StoredService.read(record).desired(Desired.REMOVED).record();
    }

    boolean preempts(PendingOperation running) {
        return policy == VolumePolicy.DELETE || !running.type().equals(name(VolumePolicy.DELETE));
    }
}
