package io.orchestrator.operation;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a step decided. Immutable; committed by the driver together with the journal entry.
 *
 * <p>The driver alone writes {@link ResourceRecord#pending()}; what a step puts there is ignored.
 */
public final class StepOutcome {
    /** The shapes of an outcome. */
    public enum Kind {
        /** Go on with the next step of the list, or end the operation after the last. */
        NEXT,
        /** Go on with the named step. */
        JUMP,
        /** Run this step again after a delay or when another operation ended. */
        AGAIN,
        /** Give up and run the clean-up steps. */
        FAIL
    }

    private final Kind kind;
    private final @Nullable ResourceRecord record;
    private final String step;
    private final Duration delay;
    private final @Nullable Operation<?> awaited;
    private final PendingOperation.@Nullable Failure failure;
    private final Map<RecordKey, UnaryOperator<ResourceRecord>> companions;

    private StepOutcome(
            Kind kind,
            @Nullable ResourceRecord record,
            String step,
            Duration delay,
            @Nullable Operation<?> awaited,
            PendingOperation.@Nullable Failure failure,
            Map<RecordKey, UnaryOperator<ResourceRecord>> companions) {
        this.kind = kind;
        this.record = record;
        this.step = step;
        this.delay = delay;
        this.awaited = awaited;
        this.failure = failure;
        this.companions = companions;
    }

    /** Commits the changed record and goes on with the following step. */
    public static StepOutcome next(ResourceRecord changed) {
        return new StepOutcome(Kind.NEXT, changed, "", Duration.ZERO, null, null, Map.of());
    }

    /** Commits the changed record and goes on with the named step. */
    public static StepOutcome jump(String step, ResourceRecord changed) {
        return new StepOutcome(Kind.JUMP, changed, step, Duration.ZERO, null, null, Map.of());
    }

    /** Runs the step again after the delay; nothing is committed. */
    public static StepOutcome again(Duration delay) {
        return new StepOutcome(Kind.AGAIN, null, "", delay, null, null, Map.of());
    }

    /** Runs the step again when the other operation ended; no thread waits and nothing is committed. */
    public static StepOutcome awaiting(Operation<?> other) {
        return new StepOutcome(Kind.AGAIN, null, "", Duration.ZERO, other, null, Map.of());
    }

    /** Gives the operation up; its clean-up steps run, then waiting callers get the reason. */
    public static StepOutcome fail(ErrorCode code, String message) {
        return new StepOutcome(
                Kind.FAIL, null, "", Duration.ZERO, null, new PendingOperation.Failure(code, message), Map.of());
    }

    /**
     * Changes another record in the same commit.
     *
     * @param key the other record, which must exist
     * @param change applied to its latest version, again after each lost race; no side effects
     */
    public StepOutcome also(RecordKey key, UnaryOperator<ResourceRecord> change) {
        Map<RecordKey, UnaryOperator<ResourceRecord>> more = new LinkedHashMap<>(companions);
        more.put(key, change);
        return new StepOutcome(kind, record, step, delay, awaited, failure, more);
    }

    public Kind kind() {
        return kind;
    }

    /** The record to commit; empty if the step changed nothing. */
    public Optional<ResourceRecord> record() {
        return Optional.ofNullable(record);
    }

    /** The step to jump to; empty unless the kind is {@link Kind#JUMP}. */
    public String step() {
        return step;
    }

    public Duration delay() {
        return delay;
    }

    public Optional<Operation<?>> awaited() {
        return Optional.ofNullable(awaited);
    }

    public Optional<PendingOperation.Failure> failure() {
        return Optional.ofNullable(failure);
    }

    /** The other records to change in the same commit, in the order they were named. */
    public Map<RecordKey, UnaryOperator<ResourceRecord>> companions() {
        return companions;
    }
}
