package io.orchestrator.operation;

import org.jspecify.annotations.Nullable;

/**
 * Says that a request was sent but its answer was lost: the effect may or may not have happened.
 *
 * <p>Its own type because the right reaction differs from every failure: observe, never assume.
 */
public final class OutcomeUnknownException extends OrchestratorException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(String message, @Nullable Throwable cause) {
        super(ErrorCode.OUTCOME_UNKNOWN, message, cause);
    }
}
