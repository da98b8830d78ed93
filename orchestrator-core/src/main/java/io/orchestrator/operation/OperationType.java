package io.orchestrator.operation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A kind of operation: a name and its lists of steps. Writing these is all it takes to add one.
 *
 * <p>Implementations are stateless and thread-safe; every decision depends on the record alone, so that any control
 * plane can go on where another stopped.
 *
 * @param <T> what the operation yields
 */
public interface OperationType<T> {
    /** The stored name, stable across releases, such as {@code container.launch}. */
    String name();

    /** The forward steps in order, for this record; at least one. A step reached only by a jump stands after {@link #lastStep}. */
    List<Step> steps(ResourceRecord record);

    /** The name of the forward step after which the operation has succeeded; by default the last of the list. */
    default String lastStep(ResourceRecord record) {
        List<Step> steps = steps(record);
        return steps.get(steps.size() - 1).name();
    }

    /** The steps that take back what failed forward steps made; retried until they succeed. Empty if there is nothing to take back. */
    default List<Step> cleanup(ResourceRecord record) {
        return List.of();
    }

    /** The record as it is to stand after the failure, once the clean-up steps are done. */
    default StepOutcome failed(ResourceRecord record, PendingOperation.Failure failure) {
        return StepOutcome.next(record);
    }

    /**
     * What a waiting caller gets, from the record as it stands after the operation.
     *
     * @throws OrchestratorException if the record shows that the operation failed
     */
    T result(ResourceRecord record);

    /** How often a forward step is tried before the operation is given up; the waits between grow to 10 s. */
    default int maxTries() {
        return 8;
    }

    /**
     * How long the forward steps may take in all; empty, the default, is without end. When it is over no further step is
     * begun, the operation is given up with {@link ErrorCode#DEADLINE_EXCEEDED} whatever it persists in, and its clean-up
     * steps run. It is counted on the monotonic clock of the process that drives the operation, from when that took it up:
     * after a crash it begins anew. A step that runs is not cut short, it has a deadline of its own.
     */
    default Optional<Duration> timeout() {
        return Optional.empty();
    }

    /**
     * Whether the operation goes on after this failure of a forward step however often it occurs. Waiting callers are told
     * of the failure when it cannot pass by itself, or after {@link #maxTries} of them; the step is tried, every 10 s in
     * the end, until it succeeds. False by default.
     */
    default boolean persistsIn(OrchestratorException failure) {
        return false;
    }

    /**
     * Asks to take the operation back, usually by submitting the operation that undoes it.
     *
     * @return whether the request was accepted; false by default
     */
    default boolean cancel(Operations operations, RecordKey target) {
        return false;
    }
}
