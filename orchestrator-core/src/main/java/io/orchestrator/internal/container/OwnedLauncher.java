package io.orchestrator.internal.container;

import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.Explanation;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.spi.RecordQuery;
import java.util.Optional;

/** One owner's view: everything else does not exist. */
record OwnedLauncher(StoredContainerLauncher all, Containers containers, String owner) implements ContainerLauncher {
    @Override
    public Operation<Container> submit(ContainerSpec spec) {
        return all.submit(spec.toBuilder().owner(owner).build());
    }

    @Override
    public Optional<Container> find(ContainerId id) {
        return all.find(id).filter(unused -> containers.read(id).spec().owner().equals(owner));
    }

    @Override
    public Page<ContainerState> list(ContainerQuery query) {
        return all.list(query, RecordQuery.of(StoredContainer.KIND).ownedBy(owner));
    }

    @Override
    public Explanation explain(String id) {
        return all.explain(id, Optional.of(owner));
    }

    @Override
    public ContainerLauncher ownedBy(String other) {
        if (!owner.equals(other)) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_ARGUMENT, "a view of one owner cannot become a view of another");
        }
        return this;
    }
}
