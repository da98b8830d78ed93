package io.orchestrator.container;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;

/** A handle on one container; it holds no state and stays valid for ever. Thread-safe. */
public interface Container {
    /** How long the blocking actions wait: the longest stop grace and some more. */
    Duration ACTION_TIMEOUT = Duration.ofMinutes(12);

    /** The container's id. */
    ContainerId id();

    /**
     * What is stored of it now; asks no node. A removed container yields its tombstone while that is kept.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} once nothing is stored of it
     */
    ContainerState state();

    /**
     * Asks its node, stores what was observed and returns it; waits 10 s at most.
     *
     * @throws OrchestratorException {@link ErrorCode#NODE_UNREACHABLE} or another reason if the node could not tell
     */
    ContainerState refresh();

    /**
     * Says why it is as it is: not running, restarted, being removed. Asks no node.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} once nothing is stored of it
     */
    Explanation explain();

    /**
     * Commits the wish and returns without waiting. Asking for what is already so, or already under way, is not an error.
     *
     * @throws OrchestratorException {@link ErrorCode#BUSY} with the id of an operation that must end first;
     *     {@link ErrorCode#NOT_FOUND} if it was removed (but removing again is fine)
     */
    Operation<ContainerState> submit(Action action);

    /** Submits the action and waits for its end, {@link #ACTION_TIMEOUT} at most. */
    default ContainerState apply(Action action) {
        return submit(action).await(ACTION_TIMEOUT);
    }

    default ContainerState start() {
        return apply(Action.START);
    }

    default ContainerState stop() {
        return apply(Action.STOP);
    }

    default ContainerState restart() {
        return apply(Action.RESTART);
    }

    default ContainerState remove() {
        return apply(Action.REMOVE);
    }

    /** Its output. */
    ContainerLogs logs();

    /** Runs commands in it. */
    ContainerExec exec();
}
