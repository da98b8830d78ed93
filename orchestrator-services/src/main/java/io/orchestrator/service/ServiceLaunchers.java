package io.orchestrator.service;

import io.orchestrator.Orchestrator;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Launches services of every kind and finds them again. Thread-safe; ends with its orchestrator. */
public interface ServiceLaunchers {
    /** How long {@link #launch} waits: the launch of a container and the time a service has to become ready. */
    Duration LAUNCH_TIMEOUT = Duration.ofMinutes(15);

    /**
     * Adds services to an orchestrator, once each, and goes on with what was under way in its store.
     *
     * @param engines every engine whose services are launched or live in the store: what was half made when the host died
     *     can only be finished by its engine
     * @throws OrchestratorException {@link ErrorCode#INVALID_ARGUMENT} if two engines of a kind have one name, or if the
     *     orchestrator has services already
     */
    static ServiceLaunchers create(Orchestrator orchestrator, ServiceEngine<?, ?>... engines) {
        return StoredServiceLaunchers.open(orchestrator, List.of(engines));
    }

    /**
     * Commits the intent to provision a service, credentials included; returns before anything was placed.
     *
     * <p>With an idempotency key that the owner used before, returns the operation or the result of the first launch.
     *
     * @throws OrchestratorException {@link ErrorCode#INVALID_ARGUMENT} if {@link #create} was not given the engine;
     *     {@link ErrorCode#CONFLICT} if the owner has a service of that kind and name; {@link
     *     ErrorCode#IDEMPOTENCY_MISMATCH} if the key was used with another specification
     */
    <S extends Service> Operation<S> submit(ServiceSpec<S> spec);

    /**
     * Submits and waits until authenticated calls to the service succeed, {@link #LAUNCH_TIMEOUT} at most.
     *
     * @throws OrchestratorException as {@link #submit}, or with the reason why it could not be provisioned; no container
     *     and no volume of it is then left, unless the node cannot be reached: they go when it is back
     */
    default <S extends Service> S launch(ServiceSpec<S> spec) {
        return submit(spec).await(LAUNCH_TIMEOUT);
    }

    /** The service with that id; empty if there is none, it was removed, or it belongs to another owner than the view's. */
    Optional<Service> find(ServiceId id);

    /**
     * The service with that id, as its kind's live service; empty also if it is of another kind.
     *
     * @throws OrchestratorException {@link ErrorCode#UNSUPPORTED} if {@link #create} was not given its engine
     */
    <S extends Service> Optional<S> find(ServiceId id, Class<S> type);

    /**
     * One page of what exists, by id, that is by time of launch. Removed services are not listed.
     *
     * @param kind such as {@code bucket}
     * @param cursor of the page before, or null for the first
     * @param limit 1 to 1000
     */
    Page<ServiceState> list(String kind, @Nullable String cursor, int limit);

    /** The same interface for one owner: it launches as that owner and can neither see nor touch anything else. */
    ServiceLaunchers ownedBy(String owner);
}
