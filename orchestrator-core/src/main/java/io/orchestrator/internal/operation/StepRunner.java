package io.orchestrator.internal.operation;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.PendingOperation.Failure;
import io.orchestrator.operation.Phase;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepContext;
import io.orchestrator.operation.StepOutcome;
import io.orchestrator.operation.UniqueKeyException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of one record's pending operation, one after the other, until it ended, must wait, or gave way.
 *
 * <p>The record is read afresh whenever a commit was lost, so a step always works on what is stored.
 */
final class StepRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);
    private static final long FIRST_WAIT_MILLIS = 100;
    private static final long LONGEST_WAIT_MILLIS = 10_000;

    private final Store store;
    private final HostRuntime runtime;
    private final Committer committer;
    private final OperationListener listener;
    private final OperationDriver driver;
    private final Pace pace;

    StepRunner(
            Store store, HostRuntime runtime, Committer committer, OperationListener listener, OperationDriver driver) {
        this.store = store;
        this.runtime = runtime;
        this.committer = committer;
        this.listener = listener;
        this.driver = driver;
        this.pace = new Pace(runtime);
    }

    void run(RecordKey key, Lane lane) {
        Optional<ResourceRecord> record = store.find(key);
        while (record.isPresent() && record.get().pending().isPresent() && !driver.closed()) {
            PendingOperation pending = record.get().pending().get();
            Optional<OperationType<?>> type = driver.type(pending.type());
            if (type.isEmpty()) {
                LOG.warn("{} waits for operation type '{}', which nobody defined", key, pending.type());
                return;
            }
            record = turn(lane, type.get(), record.get(), pending);
            if (record.isEmpty()) {
                return;
            }
        }
        driver.settle(key, lane, record);
    }

    /** Runs one step; yields the record to go on with, or empty if the lane must wait or the operation ended. */
    private <T> Optional<ResourceRecord> turn(
            Lane lane, OperationType<T> type, ResourceRecord record, PendingOperation pending) {
        RecordKey key = record.key();
        LiveOperation<T> operation = driver.operation(record, lane, type, pending);
        List<Step> steps = pending.failure().isEmpty() ? type.steps(record) : type.cleanup(record);
        @Nullable Step step = find(steps, pending.step());
        if (step == null) {
            operation.fail(new OrchestratorException(
                    ErrorCode.INTERNAL, "operation type '" + type.name() + "' has no step '" + pending.step() + "'"));
            LOG.error("{} is at step '{}', which '{}' does not have", key, pending.step(), type.name());
            return Optional.empty();
        }
        pace.begin(lane, record, pending);
        Optional<Failure> late = pace.late(lane, type, pending);
        if (late.isPresent()) {
            return giveUp(lane, operation, type, record, pending, late.get());
        }
        Duration wait = pace.holdBack(lane, record, pending);
        if (!wait.isZero()) {
            driver.park(key, lane, wait);
            return Optional.empty();
        }
        operation.report(step.phase(), step.name());
        StepOutcome outcome = attempt(lane, operation, type, record, pending, step);
        return switch (outcome.kind()) {
            case AGAIN -> {
                if (outcome.awaited().isPresent()) {
                    driver.park(key, lane, outcome.awaited().get());
                } else {
                    driver.park(key, lane, outcome.delay());
                }
                yield Optional.empty();
            }
            case FAIL ->
                giveUp(lane, operation, type, record, pending, outcome.failure().orElseThrow());
            case NEXT, JUMP -> advance(operation, type, record, pending, steps, step, outcome);
        };
    }

    private <T> StepOutcome attempt(
            Lane lane,
            LiveOperation<T> operation,
            OperationType<T> type,
            ResourceRecord record,
            PendingOperation pending,
            Step step) {
        CallContext call = CallContext.startingNow(runtime::nanoTime, step.timeout());
        driver.running(lane, pending, call, step);
        try {
            StepOutcome outcome = step.action().apply(new Context(record, call, operation, step.phase()));
            lane.failures = 0;
            driver.note(lane, null);
            return outcome;
        } catch (OrchestratorException failure) {
            LOG.info(
                    "step '{}' of {} of {} failed ({}): {}",
                    step.name(),
                    type.name(),
                    record.key(),
                    lane.failures + 1,
                    failure.getMessage());
            return afterFailure(lane, operation, type, pending, failure);
        } catch (RuntimeException defect) {
            LOG.error("step '{}' of {} of {} broke", step.name(), type.name(), record.key(), defect);
            return afterFailure(
                    lane,
                    operation,
                    type,
                    pending,
                    new OrchestratorException(
                            ErrorCode.INTERNAL, "step '" + step.name() + "' broke: " + defect, defect));
        }
    }

    private <T> StepOutcome afterFailure(
            Lane lane,
            LiveOperation<T> operation,
            OperationType<T> type,
            PendingOperation pending,
            OrchestratorException failure) {
        if (driver.closed()) {
            // closing cut the call short; what is stored goes on with the next start
            return StepOutcome.again(Duration.ZERO);
        }
        lane.failures++;
        driver.note(
                lane,
                new Trouble(
                        pending.id(),
                        pending.step(),
                        lane.failures,
                        failure.code(),
                        String.valueOf(failure.getMessage())));
        StepOutcome again = StepOutcome.again(backOff(lane.failures));
        if (pending.failure().isPresent()) {
            // callers learn of the failure now; taking back goes on until it succeeds
            operation.fail(pending.failure().get().toException());
            return again;
        }
        if (failure.retryable() && lane.failures < type.maxTries()) {
            return again;
        }
        if (type.persistsIn(failure)) {
            operation.fail(failure);
            return again;
        }
        return StepOutcome.fail(failure.code(), String.valueOf(failure.getMessage()));
    }

    private <T> Optional<ResourceRecord> advance(
            LiveOperation<T> operation,
            OperationType<T> type,
            ResourceRecord record,
            PendingOperation pending,
            List<Step> steps,
            Step step,
            StepOutcome outcome) {
        ResourceRecord changed = outcome.record().orElse(record);
        boolean cleaning = pending.failure().isPresent();
        @Nullable
        String next = outcome.kind() == StepOutcome.Kind.JUMP
                ? outcome.step()
                : following(steps, step, cleaning ? null : type.lastStep(record));
        if (next == null && cleaning) {
            return settle(operation, type, changed, pending);
        }
        ResourceRecord written = changed.toBuilder()
                .pending(next == null ? null : pending.at(next))
                .build();
        Optional<ResourceRecord> stored = commit(written, outcome, entry(type, pending, record.key(), step.name(), ""));
        if (stored.isPresent() && next == null) {
            operation.succeed(stored.get());
            listener.ended(type.name(), Phase.READY, operation.age());
            return Optional.empty();
        }
        return stored.isPresent() ? stored : store.find(record.key());
    }

    private <T> Optional<ResourceRecord> giveUp(
            Lane lane,
            LiveOperation<T> operation,
            OperationType<T> type,
            ResourceRecord record,
            PendingOperation pending,
            Failure failure) {
        lane.failures = 0;
        List<Step> cleanup = type.cleanup(record);
        if (cleanup.isEmpty()) {
            return settle(operation, type, record, pending.failed(failure, "settle"));
        }
        ResourceRecord written = record.toBuilder()
                .pending(pending.failed(failure, cleanup.get(0).name()))
                .build();
        Optional<ResourceRecord> stored = commit(
                written,
                StepOutcome.next(written),
                entry(type, pending, record.key(), pending.step() + "/failed", failure.message()));
        return stored.isPresent() ? stored : store.find(record.key());
    }

    /** Ends a failed operation: everything it made was taken back. */
    private <T> Optional<ResourceRecord> settle(
            LiveOperation<T> operation, OperationType<T> type, ResourceRecord record, PendingOperation pending) {
        Failure failure = pending.failure().orElseThrow();
        StepOutcome outcome = type.failed(record, failure);
        ResourceRecord written =
                outcome.record().orElse(record).toBuilder().pending(null).build();
        Optional<ResourceRecord> stored =
                commit(written, outcome, entry(type, pending, record.key(), "failed", failure.message()));
        if (stored.isEmpty()) {
            return store.find(record.key());
        }
        operation.fail(failure.toException());
        listener.ended(type.name(), Phase.FAILED, operation.age());
        return Optional.empty();
    }

    /** Commits; empty means that the step must be run again on what is stored now. */
    private Optional<ResourceRecord> commit(ResourceRecord written, StepOutcome outcome, JournalDraft entry) {
        try {
            return committer.commit(written, outcome.companions(), entry);
        } catch (UniqueKeyException taken) {
            LOG.debug("'{}' was taken meanwhile", taken.uniqueKey());
            return Optional.empty();
        }
    }

    private JournalDraft entry(
            OperationType<?> type, PendingOperation pending, RecordKey key, String step, String detail) {
        String bounded = detail.length() > 4_096 ? detail.substring(0, 4_096) : detail;
        return new JournalDraft(runtime.now(), key, pending.id().value(), type.name() + "/" + step, bounded);
    }

    /** Doubles from 100 ms to 10 s, of which half is random so that many do not come back together. */
    private Duration backOff(int failures) {
        long millis = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(20, failures - 1));
        byte[] random = new byte[1];
        runtime.randomBytes(random);
        return Duration.ofMillis(millis / 2 + millis / 2 * (random[0] & 255) / 255);
    }

    private static @Nullable Step find(List<Step> steps, String name) {
        for (Step step : steps) {
            if (step.name().equals(name)) {
                return step;
            }
        }
        return null;
    }

    private static @Nullable String following(List<Step> steps, Step step, @Nullable String last) {
        if (step.name().equals(last)) {
            return null;
        }
        int next = steps.indexOf(step) + 1;
        return next < steps.size() ? steps.get(next).name() : null;
    }

    private record Context(ResourceRecord record, CallContext call, LiveOperation<?> operation, Phase phase)
            implements StepContext {
        @Override
        public void progress(String detail) {
            operation.report(phase, detail);
        }
    }
}
