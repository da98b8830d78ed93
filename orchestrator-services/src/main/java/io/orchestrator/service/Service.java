package io.orchestrator.service;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;

/**
 * A handle on one service, whatever its kind; the kinds add their client. It holds no state and stays valid for ever.
 *
 * <p>Thread-safe.
 */
public interface Service {
    /** How long the blocking actions wait: a container's action and the time a service has to become ready. */
    Duration ACTION_TIMEOUT = Duration.ofMinutes(15);

    /** The service's id. */
    ServiceId id();

    /**
     * What is stored of it now; asks neither the service nor its node. A removed service yields its tombstone.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} if nothing is stored of it
     */
    ServiceState state();

    /**
     * Makes an authenticated call now, stores what it showed and returns the state; waits 5 s at most.
     *
     * <p>A service that does not answer is not an error here: {@link ServiceState#health} says so. One that is being
     * provisioned, restarted or removed, or that failed to be provisioned, is not called.
     */
    ServiceState check();

    /**
     * Commits the wish to restart it and returns; the operation ends once authenticated calls succeed again.
     *
     * @throws OrchestratorException {@link ErrorCode#BUSY} while another operation on it goes on; {@link
     *     ErrorCode#CONFLICT} if it failed to be provisioned; {@link ErrorCode#NOT_FOUND} if it was removed
     */
    Operation<Service> submitRestart();

    /**
     * Commits the wish to remove it and returns; replaces whatever else is under way. Removing again is not an error.
     *
     * @param policy what becomes of its data; once its deletion was asked for it cannot be kept any more
     */
    Operation<ServiceState> submitRemove(VolumePolicy policy);

    /** Restarts it and waits until it is used again, {@link #ACTION_TIMEOUT} at most. */
    default ServiceState restart() {
        return submitRestart().await(ACTION_TIMEOUT).state();
    }

    /** Removes it and waits until it is gone, {@link #ACTION_TIMEOUT} at most. */
    default ServiceState remove(VolumePolicy policy) {
        return submitRemove(policy).await(ACTION_TIMEOUT);
    }

    /** Removes it with the policy of its specification. */
    ServiceState remove();
}
