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

    /** What a waiting caller gets, from the record that the last step committed. */
    T result(ResourceRecord record);

    /** How long the forward steps may take in all, from the submit or from the restart that took them up; empty for no limit. */
    default Optional<Duration> timeout() {
        return Optional.empty();
    }
}
