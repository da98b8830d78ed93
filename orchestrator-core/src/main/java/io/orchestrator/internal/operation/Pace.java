package io.orchestrator.internal.operation;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.PendingOperation.Failure;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.HostRuntime;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says whether a step may run now, must wait for its node's retry budget, or comes too late. Thread-safe. */
final class Pace {
    private final HostRuntime runtime;
    private final RetryBudget retries = new RetryBudget();

    Pace(HostRuntime runtime) {
        this.runtime = runtime;
    }

    /** Begins to count the time of an operation that the lane did not drive before. Called by the lane's thread. */
    void begin(Lane lane, ResourceRecord record, PendingOperation pending) {
        if (pending.id().equals(lane.driven)) {
            return;
        }
        if (lane.granted) {
            retries.giveBack(record.node(), runtime.nanoTime());
        }
        lane.driven = pending.id();
        lane.begun = runtime.nanoTime();
        lane.granted = false;
    }

    /** Why the operation is given up before its next forward step; empty while it is in time. */
    Optional<Failure> late(Lane lane, OperationType<?> type, PendingOperation pending) {
        Optional<Duration> timeout = type.timeout();
        Duration age = Duration.ofNanos(runtime.nanoTime() - lane.begun);
        if (pending.failure().isPresent() || timeout.isEmpty() || age.compareTo(timeout.get()) < 0) {
            return Optional.empty();
        }
        @Nullable Trouble trouble = lane.trouble;
        String last = trouble != null && trouble.of(pending) ? "; it failed last with: " + trouble.message() : "";
        return Optional.of(new Failure(
                ErrorCode.DEADLINE_EXCEEDED,
                type.name() + " was at step '" + pending.step() + "' after " + timeout.get() + last));
    }

    /** How long the step must wait; each wait is for one run of the step. Called by the lane's thread. */
    Duration holdBack(Lane lane, ResourceRecord record, PendingOperation pending) {
        if (record.node().isEmpty()) {
            return Duration.ZERO;
        }
        if (lane.granted) {
            lane.granted = false;
            return Duration.ZERO;
        }
        @Nullable Trouble trouble = lane.trouble;
        if (trouble == null || !trouble.of(pending)) {
            retries.first(record.node(), runtime.nanoTime());
            return Duration.ZERO;
        }
        Duration wait = retries.take(record.node(), runtime.nanoTime());
        lane.granted = !wait.isZero();
        return wait;
    }
}
