package io.orchestrator.internal.container;

import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerExec;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLogs;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.Explanation;
import io.orchestrator.operation.Operation;

/** The handle: an id and where to ask. */
record ContainerHandle(ContainerId id, Containers containers) implements Container {
    @Override
    public ContainerState state() {
        return containers.view(containers.read(id));
    }

    @Override
    public ContainerState refresh() {
        return containers.refresh(id);
    }

    @Override
    public Explanation explain() {
        return containers.explain(id);
    }

    @Override
    public Operation<ContainerState> submit(Action action) {
        return containers.submit(id, action);
    }

    @Override
    public ContainerLogs logs() {
        return new NodeLogs(id, containers);
    }

    @Override
    public ContainerExec exec() {
        return new NodeExec(id, containers);
    }

    @Override
    public String toString() {
        return "Container[" + id + "]";
    }
}
