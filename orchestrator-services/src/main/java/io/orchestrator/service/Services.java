package io.orchestrator.service;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.service.ServiceHealth.Verdict;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What every handle on a service needs: its record, its container, and the operations that change it. */
final class Services {
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(5);

    final ProvisionOperation provision;
    private final Store store;
    private final HostRuntime runtime;
    private final Operations operations;
    private final ServiceCalls calls;
    private final RestartOperation restart;
    private final RemoveOperation remove;
    private final RemoveOperation removeWithVolumes;

    Services(Orchestrator orchestrator, Engines engines) {
        this.store = orchestrator.store();
        this.runtime = orchestrator.runtime();
        this.operations = orchestrator.operations();
        this.calls = new ServiceCalls(engines, orchestrator.containers(), runtime);
        var steps = new ServiceSteps(orchestrator.containers(), orchestrator.nodes(), operations, calls);
        this.provision = new ProvisionOperation(steps, this::live, id -> remove(id, VolumePolicy.DELETE));
        this.restart = new RestartOperation(steps, this::live);
        this.remove = new RemoveOperation(VolumePolicy.RETAIN, steps, this::state);
        this.removeWithVolumes = new RemoveOperation(VolumePolicy.DELETE, steps, this::state);
        List.of(provision, restart, remove, removeWithVolumes).forEach(operations::define);
    }

    Optional<StoredService> find(ServiceId id) {
        return store.find(StoredService.key(id)).map(StoredService::read);
    }

    StoredService read(ServiceId id) {
        return find(id).orElseThrow(() -> OrchestratorException.notFound("service", id.value()));
    }

    Service handle(ServiceId id) {
        return new LiveService(id, this);
    }

    /** The kind's live service. */
    Service live(StoredService service) {
        return live(calls.engines().of(service), service.id());
    }

    private <S extends Service, C> S live(ServiceEngine<S, C> engine, ServiceId id) {
        return engine.live(handle(id), () -> calls.client(engine, read(id)));
    }

    ServiceState state(StoredService service) {
        Optional<ContainerState> container = calls.container(service);
        ServiceStatus status = status(service, container);
        return new ServiceState(
                service.id(),
                service.engine(),
                service.name(),
                service.base().owner(),
                status,
                container.flatMap(present -> ServiceCalls.endpoint(service, present)),
                service.container(),
                container.map(ContainerState::node),
                service.health(),
                reason(service, container, status),
                service.createdAt(),
                service.base().pending().map(PendingOperation::id));
    }

    private static ServiceStatus status(StoredService service, Optional<ContainerState> container) {
        ServiceStatus observed = service.observed();
        if (observed != ServiceStatus.REMOVED && service.removing()) {
            return ServiceStatus.REMOVING;
        }
        if (observed != ServiceStatus.RUNNING) {
            return observed;
        }
        return switch (container.map(ContainerState::status).orElse(ContainerStatus.REMOVED)) {
            case RUNNING -> ServiceStatus.RUNNING;
            case PENDING -> ServiceStatus.PENDING;
            case STOPPED -> ServiceStatus.STOPPED;
            case UNKNOWN -> ServiceStatus.UNKNOWN;
            case FAILED, REMOVING, REMOVED -> ServiceStatus.FAILED;
        };
    }

    private static String reason(StoredService service, Optional<ContainerState> container, ServiceStatus status) {
        if (status == ServiceStatus.RUNNING || status == service.observed()) {
            return service.reason();
        }
        return container
                .map(present -> "container '" + present.id() + "' is " + present.status() + " " + present.reason())
                .orElse("its container was removed by somebody else");
    }

    /** Makes one authenticated call and stores what it showed, unless an operation is under way, which looks for itself. */
    ServiceState check(ServiceId id) {
        StoredService service = read(id);
        if (!callable(service)) {
            return state(service);
        }
        ServiceHealth health = probe(service);
        while (callable(service)) {
            StoredService checked = service.health(health);
            if (health.healthy()) {
                checked = checked.observed(ServiceStatus.RUNNING, "");
            }
            if (committed(service, checked)) {
                return state(read(id));
            }
            service = read(id);
        }
        return state(service);
    }

    private static boolean callable(StoredService service) {
        return service.base().pending().isEmpty()
                && !service.removed()
                && service.failure().isEmpty();
    }

    private ServiceHealth probe(StoredService service) {
        Verdict verdict = Verdict.HEALTHY;
        String reason = "";
        try {
            calls.check(service, CallContext.startingNow(runtime::nanoTime, CHECK_TIMEOUT));
        } catch (OrchestratorException failure) {
            verdict = switch (failure.code()) {
                case UNAUTHORIZED -> Verdict.UNAUTHORIZED;
                case NODE_UNREACHABLE, DEADLINE_EXCEEDED -> Verdict.UNREACHABLE;
                case UNSUPPORTED -> throw failure;
                default -> Verdict.FAILING;
            };
            reason = String.valueOf(failure.getMessage());
        }
        return new ServiceHealth(verdict, reason, Optional.of(runtime.now()));
    }

    private boolean committed(StoredService before, StoredService after) {
        List<JournalDraft> journal = before.health().verdict() == after.health().verdict()
                ? List.of()
                : List.of(new JournalDraft(
                        runtime.now(),
                        after.base().key(),
                        "",
                        "service/observed",
                        after.health().verdict().name()));
        return store.commit(new Commit(List.of(Commit.Change.put(after.record())), journal))
                        .kind()
                == CommitResult.Kind.COMMITTED;
    }

    Operation<Service> restart(ServiceId id) {
        return operations.change(restart, StoredService.key(id), RestartOperation::desire, running -> false);
    }

    Operation<ServiceState> remove(ServiceId id, VolumePolicy policy) {
        RecordKey key = StoredService.key(id);
        ResourceRecord current = read(id).base();
        RemoveOperation type = policy == VolumePolicy.DELETE ? removeWithVolumes : remove;
        boolean removed = StoredService.read(current).removed();
        boolean thorough = current.pending()
                .filter(running -> running.type().equals(removeWithVolumes.name()))
                .isPresent();
        if (removed || thorough) {
            return operations.attach(thorough ? removeWithVolumes : type, current);
        }
        return operations.change(type, key, RemoveOperation::desire, type::preempts);
    }
}
