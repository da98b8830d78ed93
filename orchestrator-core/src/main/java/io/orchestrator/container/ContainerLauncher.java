package io.orchestrator.container;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.time.Duration;
import java.util.Optional;

/** Launches containers and finds them again. Thread-safe. */
public interface ContainerLauncher {
    /** How long {@link #launch} waits: enough for a slow pull of a large image. */
    Duration LAUNCH_TIMEOUT = Duration.ofMinutes(11);

    /**
     * Places a container and commits the intent to run it; returns before any node was told.
     *
     * <p>With an idempotency key that the owner used before, returns the operation or the result of the first launch.
     *
     * @throws io.orchestrator.placement.PlacementException if no node can take it, saying why for each node
     * @throws OrchestratorException {@link ErrorCode#CONFLICT} if the owner has a container of that name;
     *     {@link ErrorCode#IDEMPOTENCY_MISMATCH} if the key was used with another specification;
     *     {@link ErrorCode#PORTS_EXHAUSTED} if no host port is free
     */
    Operation<Container> submit(ContainerSpec spec);

    /**
     * Submits and waits until the container runs, {@link #LAUNCH_TIMEOUT} at most.
     *
     * @throws OrchestratorException as {@link #submit}, or with the reason why it could not run; nothing is then left on the node
     */
    default Container launch(ContainerSpec spec) {
        return submit(spec).await(LAUNCH_TIMEOUT);
    }

    /** The container with that id; empty if there is none, it was removed, or it belongs to another owner than the view's. */
    Optional<Container> find(ContainerId id);

    /**
     * One page of what exists, by id, that is by time of launch. Removed containers are not listed, and neither is one whose
     * record cannot be read, so a page may hold fewer than its limit and still have a next one.
     */
    Page<ContainerState> list(ContainerQuery query);

    /**
     * Says why a container is as it is. Reads the store once and asks no node. Of a launch that was refused by placement
     * nothing is stored: its {@link io.orchestrator.placement.PlacementException} tells what each node lacked.
     *
     * @param id of a container, even a removed one while its tombstone is kept; or of an operation on a container while this
     *     process drives it; or the engine id of one of the {@link Reconciler#strays}
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} if it names nothing, or something of another owner than the
     *     view's: strays belong to no owner
     */
    Explanation explain(String id);

    /** The same interface for one owner: it launches as that owner and can neither see nor touch anything else. */
    ContainerLauncher ownedBy(String owner);
}
