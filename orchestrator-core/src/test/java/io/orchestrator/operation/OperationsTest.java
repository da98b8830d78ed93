package io.orchestrator.operation;

import static io.orchestrator.testing.Failing.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.Store;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.StoreOverlay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the driver does with operations of any kind, through the public interface that other modules use. */
final class OperationsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final RecordKey KEY = new RecordKey("thing", "t1");

    private final LossyStore store = new LossyStore(MemoryStore.create());
    private final Orchestrator orchestrator =
            Orchestrator.builder("test").store(store).build();
    private final Operations operations = orchestrator.operations();
    private final CountDownLatch held = new CountDownLatch(1);

    @AfterEach
    void close() {
        held.countDown();
        orchestrator.close();
    }

    @Test
    void create_commitWithoutAnswerAndStoreGone_isUnknownAndDrivenAllTheSame() {
        CountDownLatch ran = new CountDownLatch(1);
        Type type = define("thing.make", context -> {
            ran.countDown();
            return StepOutcome.next(context.record());
        });
        store.loseNextAnswer();

        assertThatThrownBy(() -> operations.create(type, fresh(), Map.of())).satisfies(code(ErrorCode.OUTCOME_UNKNOWN));

        assertThat(happens(ran)).isTrue();
        operations.attach(type, store.find(KEY).orElseThrow()).await(SOON);
        assertThat(store.find(KEY).orElseThrow().pending()).isEmpty();
    }

    @Test
    void step_thatBreaksTheStack_isTriedAgain() {
        AtomicInteger runs = new AtomicInteger();
        Type type = define("thing.make", context -> {
            if (runs.incrementAndGet() == 1) {
                throw new StackOverflowError("planted");
            }
            return StepOutcome.next(context.record());
        });

        operations.create(type, fresh(), Map.of()).await(SOON);

        assertThat(runs).hasValue(2);
    }

    @Test
    void attach_withARecordReadBeforeAReplacement_leavesTheReplacement() {
        CountDownLatch begun = new CountDownLatch(1);
        Type first = define("thing.first", context -> {
            begun.countDown();
            return hold(context);
        });
        Type second = define("thing.second", context -> StepOutcome.next(context.record()));
        operations.create(first, fresh(), Map.of());
        assertThat(happens(begun)).isTrue();
        ResourceRecord old = store.find(KEY).orElseThrow();
        Operation<String> replacement = operations.change(second, KEY, record -> record, running -> true);

        Operation<String> late = operations.attach(first, old);
        held.countDown();

        assertThat(replacement.await(SOON)).isEqualTo("done");
        assertThatThrownBy(() -> late.await(SOON)).satisfies(code(ErrorCode.CANCELLED));
    }

    @Test
    void close_whileAStepRuns_storesNoFailure() {
        CountDownLatch running = new CountDownLatch(1);
        Type type = define("thing.make", context -> {
            running.countDown();
            // as a call does that is cut short because the orchestrator closes
            while (!context.call().cancelled()) {
                Thread.onSpinWait();
            }
            throw new OrchestratorException(ErrorCode.CANCELLED, "cut short");
        });
        Operation<String> operation = operations.create(type, fresh(), Map.of());
        assertThat(happens(running)).isTrue();

        orchestrator.close();

        assertThatThrownBy(() -> operation.await(SOON)).satisfies(code(ErrorCode.CLOSED));
        assertThat(store.find(KEY).orElseThrow().pending())
                .hasValueSatisfying(pending -> assertThat(pending.failure()).isEmpty());
    }

    @Test
    void close_byAnInterruptedThread_closesEverything() {
        CountDownLatch running = new CountDownLatch(1);
        Type type = define("thing.make", context -> {
            running.countDown();
            return hold(context);
        });
        operations.create(type, fresh(), Map.of());
        assertThat(happens(running)).isTrue();

        Thread.currentThread().interrupt();
        orchestrator.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.closed()).isTrue();
    }

    @Test
    void create_stepsOfOneName_isRefusedBeforeAnythingIsStored() {
        Type type = new Type("thing.twice", context -> StepOutcome.next(context.record())) {
            @Override
            public List<Step> steps(ResourceRecord record) {
                return List.of(step(), step());
            }
        };
        operations.define(type);

        assertThatThrownBy(() -> operations.create(type, fresh(), Map.of())).satisfies(code(ErrorCode.INTERNAL));
        assertThat(store.find(KEY)).isEmpty();
    }

    private StepOutcome hold(StepContext context) {
        assertThat(happens(held)).isTrue();
        return StepOutcome.next(context.record());
    }

    private Type define(String name, Function<StepContext, StepOutcome> action) {
        Type type = new Type(name, action);
        operations.define(type);
        return type;
    }

    private static ResourceRecord fresh() {
        return ResourceRecord.builder(KEY).body("{}").build();
    }

    private static boolean happens(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            return false;
        }
    }

    /** An operation of one step. */
    private static class Type implements OperationType<String> {
        private final String name;
        private final Function<StepContext, StepOutcome> action;

        Type(String name, Function<StepContext, StepOutcome> action) {
            this.name = name;
            this.action = action;
        }

        Step step() {
            return new Step("only", Phase.CREATED, SOON, action);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<Step> steps(ResourceRecord record) {
            return List.of(step());
        }

        @Override
        public String result(ResourceRecord record) {
            return "done";
        }
    }

    /** A store that can lose the answer of a commit and the connection of the look that follows. */
    private static final class LossyStore extends StoreOverlay {
        private volatile boolean loseCommit;
        private volatile boolean loseFind;
        private volatile boolean closed;

        LossyStore(Store store) {
            super(store);
        }

        void loseNextAnswer() {
            loseCommit = true;
        }

        boolean closed() {
            return closed;
        }

        @Override
        public CommitResult commit(Commit commit) {
            CommitResult result = super.commit(commit);
            if (loseCommit) {
                loseCommit = false;
                loseFind = true;
                throw new OutcomeUnknownException("planted", null);
            }
            return result;
        }

        @Override
        public Optional<ResourceRecord> find(RecordKey key) {
            if (loseFind) {
                loseFind = false;
                throw new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "planted");
            }
            return super.find(key);
        }

        @Override
        public void close() {
            // kept open, so that a test can look at what was left
            closed = true;
        }
    }
}
