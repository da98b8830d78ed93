package io.orchestrator.internal.operation;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.PendingOperation;

/**
 * What keeps an operation from going on, as far as this process drives it.
 *
 * @param operation whose step it is
 * @param step the step that fails
 * @param failures how often in a row
 * @param code why the last time
 * @param message the same for a person
 */
public record Trouble(OperationId operation, String step, int failures, ErrorCode code, String message) {
    /** Whether it is of the step that the pending operation is at. */
    boolean of(PendingOperation pending) {
        return operation.equals(pending.id()) && step.equals(pending.step());
    }
}
