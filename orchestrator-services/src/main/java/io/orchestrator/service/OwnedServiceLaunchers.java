package io.orchestrator.service;

import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.spi.RecordQuery;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One owner's view: everything else does not exist. */
record OwnedServiceLaunchers(StoredServiceLaunchers all, String owner) implements ServiceLaunchers {
    @Override
    public <S extends Service> Operation<S> submit(ServiceSpec<S> spec) {
        return all.submit(spec, owner);
    }

    @Override
    public Optional<Service> find(ServiceId id) {
        return all.owns(owner, id) ? all.find(id) : Optional.empty();
    }

    @Override
    public <S extends Service> Optional<S> find(ServiceId id, Class<S> type) {
        return all.owns(owner, id) ? all.find(id, type) : Optional.empty();
    }

    @Override
    public Page<ServiceState> list(String kind, @Nullable String cursor, int limit) {
        return all.list(RecordQuery.of(kind).ownedBy(owner), cursor, limit);
    }

    @Override
    public ServiceLaunchers ownedBy(String other) {
        if (!owner.equals(other)) {
            throw OrchestratorException.invalid("a view of one owner cannot become a view of another");
        }
        return this;
    }
}
