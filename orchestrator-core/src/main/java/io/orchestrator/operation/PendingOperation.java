package io.orchestrator.operation;

import java.util.Optional;

/**
 * The operation that a record is in the middle of: everything a driver needs to go on after a crash.
 *
 * @param id the operation's id
 * @param type the name of its {@link OperationType}
 * @param step the name of the step to run next
 * @param epoch the epoch of the control plane that drives it
 * @param failure why the forward steps were given up; present while the clean-up steps run
 */
public record PendingOperation(OperationId id, String type, String step, long epoch, Optional<Failure> failure) {

    /** Why an operation was given up. */
    public record Failure(ErrorCode code, String message) {
        /** Creates the exception that a waiting caller gets. */
        public OrchestratorException toException() {
            return new OrchestratorException(code, message);
        }
    }

    /** The same operation about to run another step. */
    public PendingOperation at(String nextStep) {
        return new PendingOperation(id, type, nextStep, epoch, failure);
    }

    /** The same operation given up for a reason, about to run its first clean-up step. */
    public PendingOperation failed(Failure reason, String cleanupStep) {
        return new PendingOperation(id, type, cleanupStep, epoch, Optional.of(reason));
    }
}
