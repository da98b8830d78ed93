package io.orchestrator.service;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Desired;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.UniqueKeyException;
import io.orchestrator.security.Secret;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The launchers: commit the intent and leave the rest to the operation's steps. */
final class StoredServiceLaunchers implements ServiceLaunchers {
    /** Prefixes of the unique keys that a service may hold. */
    static final String NAME_PREFIX = "service-name:";

    private static final String KEY_PREFIX = "service-idem:";
    private static final int SECRET_BYTES = 32;

    private final Store store;
    private final HostRuntime runtime;
    private final Operations operations;
    private final Engines engines;
    private final Services services;

    private StoredServiceLaunchers(Orchestrator orchestrator, Engines engines) {
        this.store = orchestrator.store();
        this.runtime = orchestrator.runtime();
        this.operations = orchestrator.operations();
        this.engines = engines;
        this.services = new Services(orchestrator, engines);
    }

    static ServiceLaunchers open(Orchestrator orchestrator, Collection<ServiceEngine<?, ?>> given) {
        Engines engines = new Engines(given);
        StoredServiceLaunchers launchers = new StoredServiceLaunchers(orchestrator, engines);
        engines.kinds().forEach(orchestrator.operations()::resume);
        return launchers;
    }

    @Override
    public <S extends Service> Operation<S> submit(ServiceSpec<S> spec) {
        return submit(spec, spec.owner());
    }

    <S extends Service> Operation<S> submit(ServiceSpec<S> spec, String owner) {
        engines.require(spec.engine());
        String kind = spec.engine().profile().kind();
        Optional<String> key = spec.idempotencyKey().map(value -> KEY_PREFIX + owner + "/" + encoded(value));
        Optional<ResourceRecord> earlier = key.flatMap(store::findByUniqueKey);
        if (earlier.isPresent()) {
            return replay(spec, earlier.get());
        }
        ServiceId id = ServiceId.next(kind, runtime);
        ResourceRecord.Builder record = ResourceRecord.builder(StoredService.key(id))
                .owner(owner)
                .desired(Desired.RUNNING.name())
                .observed(ServiceStatus.PENDING.name());
        key.ifPresent(record::uniqueKey);
        spec.name().ifPresent(name -> record.uniqueKey(NAME_PREFIX + owner + "/" + kind + "/" + name));
        StoredService fresh =
                StoredService.fresh(record.build(), spec, spec.engine().credentials(this::randomSecret), runtime.now());
        try {
            return typed(operations.create(services.provision, fresh.record(), Map.of()));
        } catch (UniqueKeyException taken) {
            if (key.filter(taken.uniqueKey()::equals).isPresent()) {
                return replay(spec, store.findByUniqueKey(taken.uniqueKey()).orElseThrow(() -> taken));
            }
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "owner '" + owner + "' has a " + kind + " named '"
                            + spec.name().orElse("") + "' already; remove it or choose another name");
        }
    }

    private <S extends Service> Operation<S> replay(ServiceSpec<S> spec, ResourceRecord record) {
        StoredService first = StoredService.read(record);
        if (!first.id().kind().equals(spec.engine().profile().kind()) || !first.asked(spec)) {
            throw new OrchestratorException(
                    ErrorCode.IDEMPOTENCY_MISMATCH,
                    "the idempotency key was used for service '" + first.id() + "' with another specification");
        }
        return typed(operations.attach(services.provision, record));
    }

    // the engine of the record has the class of the specification's, so it makes the same live service
    @SuppressWarnings("unchecked")
    private static <S extends Service> Operation<S> typed(Operation<Service> operation) {
        return (Operation<S>) operation;
    }

    /** Base64 keeps any key within the limits of a unique key, and different keys different. */
    private static String encoded(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private Secret randomSecret() {
        byte[] random = new byte[SECRET_BYTES];
        runtime.randomBytes(random);
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    }

    @Override
    public Optional<Service> find(ServiceId id) {
        return services.find(id).filter(service -> !service.removed()).map(unused -> services.handle(id));
    }

    @Override
    public <S extends Service> Optional<S> find(ServiceId id, Class<S> type) {
        return services.find(id)
                .filter(service -> !service.removed())
                .map(services::live)
                .filter(type::isInstance)
                .map(type::cast);
    }

    boolean owns(String owner, ServiceId id) {
        return services.find(id)
                .filter(service -> service.base().owner().equals(owner))
                .isPresent();
    }

    @Override
    public Page<ServiceState> list(String kind, @Nullable String cursor, int limit) {
        return list(RecordQuery.of(kind), cursor, limit);
    }

    Page<ServiceState> list(RecordQuery base, @Nullable String cursor, int limit) {
        RecordQuery query = base.notObserved(ServiceStatus.REMOVED.name())
                .after(Optional.ofNullable(cursor))
                .limit(limit);
        return store.page(query).map(record -> services.state(StoredService.read(record)));
    }

    @Override
    public ServiceLaunchers ownedBy(String owner) {
        return new OwnedServiceLaunchers(this, owner);
    }
}
