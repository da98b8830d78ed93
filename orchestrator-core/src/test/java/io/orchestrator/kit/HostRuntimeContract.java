package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every runtime must do, whether its time is the system's or told. */
public abstract class HostRuntimeContract {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final long PATIENCE_SECONDS = 30;

    private final HostRuntime runtime = create();

    /** A new runtime. Called before the fields of the subclass are set. */
    protected abstract HostRuntime create();

    /** Called again and again while something waits for time to pass: a runtime whose time is told moves it on a little. */
    protected abstract void letTimePass(HostRuntime runtime);

    @AfterEach
    final void closeRuntime() {
        runtime.close();
    }

    @Test
    final void now_twice_isNoNonsense() {
        Instant first = runtime.now();

        assertThat(first).isAfter(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(Duration.between(first, runtime.now()).abs()).isLessThan(Duration.ofHours(1));
    }

    @Test
    final void nanoTime_readByManyThreads_neverGoesBack() throws Exception {
        List<Boolean> forward = Cases.race(4, () -> {
            long last = runtime.nanoTime();
            for (int i = 0; i < 10_000; i++) {
                long next = runtime.nanoTime();
                if (next - last < 0) {
                    return false;
                }
                last = next;
            }
            return true;
        });

        assertThat(forward).doesNotContain(false);
    }

    @Test
    final void randomBytes_twoArrays_differ() {
        byte[] first = new byte[32];
        byte[] second = new byte[32];

        runtime.randomBytes(first);
        runtime.randomBytes(second);

        assertThat(first).isNotEqualTo(second).isNotEqualTo(new byte[32]);
    }

    @Test
    final void execute_task_runsOnNamedDaemonThreadOfItsOwn() throws InterruptedException {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        AtomicReference<String> name = new AtomicReference<>("");
        CountDownLatch ran = new CountDownLatch(1);

        runtime.execute("kit", () -> {
            thread.complete(Thread.currentThread());
            name.set(Thread.currentThread().getName());
            ran.countDown();
        });

        await(ran);
        assertThat(thread.join()).isNotSameAs(Thread.currentThread());
        assertThat(thread.join().isDaemon()).isTrue();
        assertThat(name.get()).matches("orchestrator-kit-\\d+");
    }

    /** Forces: each of 50 tasks waits for all others, so none may wait for another's thread. */
    @Test
    final void execute_fiftyTasksThatBlock_allRunAtOnce() throws InterruptedException {
        CyclicBarrier together = new CyclicBarrier(50);
        CountDownLatch done = new CountDownLatch(50);

        for (int i = 0; i < 50; i++) {
            runtime.execute("kit", () -> {
                try {
                    together.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                    done.countDown();
                } catch (Exception broken) {
                    throw new IllegalStateException(broken);
                }
            });
        }

        await(done);
    }

    @Test
    final void execute_taskThatThrows_harmsNoOther() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        runtime.execute("kit", () -> {
            throw new IllegalStateException("meant by the test");
        });

        runtime.execute("kit", ran::countDown);

        await(ran);
    }

    @Test
    final void schedule_threeDelays_runInOrderAndNotEarly() {
        List<Integer> ran = List.of();
        AtomicReference<Duration> firstAt = new AtomicReference<>(Duration.ZERO);
        boolean inOneGo = false;
        for (int i = 0; i < 50 && !inOneGo; i++) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            long begin = runtime.nanoTime();
            Runnable third = runtime.schedule(Duration.ofMillis(90), () -> order.add(3));
            Runnable first = runtime.schedule(Duration.ofMillis(30), () -> {
                firstAt.set(Duration.ofNanos(runtime.nanoTime() - begin));
                order.add(1);
            });
            Runnable second = runtime.schedule(Duration.ofMillis(60), () -> order.add(2));
            // a machine that paused in between has made another order of the times at which they are due
            inOneGo = runtime.nanoTime() - begin < Duration.ofMillis(25).toNanos();
            if (inOneGo) {
                until(() -> order.size() == 3);
            }
            first.run();
            second.run();
            third.run();
            ran = order;
        }

        assertThat(inOneGo).as("three calls within 25 ms").isTrue();
        assertThat(ran).containsExactly(1, 2, 3);
        assertThat(firstAt.get()).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    final void schedule_noDelay_runsSoon() {
        AtomicBoolean ran = new AtomicBoolean();

        Runnable forget = runtime.schedule(Duration.ZERO, () -> ran.set(true));

        until(ran::get);
        forget.run();
    }

    @Test
    final void schedule_forgotten_neverRuns() {
        AtomicBoolean forgottenRan = new AtomicBoolean();
        AtomicBoolean laterRan = new AtomicBoolean();
        Runnable forget = runtime.schedule(Duration.ofMillis(30), () -> forgottenRan.set(true));
        Runnable later = runtime.schedule(Duration.ofMillis(60), () -> laterRan.set(true));

        forget.run();
        forget.run();

        until(laterRan::get);
        later.run();
        assertThat(forgottenRan).isFalse();
    }

    @Test
    final void schedule_taskThatThrows_harmsNoOther() {
        AtomicBoolean ran = new AtomicBoolean();
        Runnable failing = runtime.schedule(Duration.ofMillis(1), () -> {
            throw new IllegalStateException("meant by the test");
        });

        Runnable other = runtime.schedule(Duration.ofMillis(2), () -> ran.set(true));

        until(ran::get);
        failing.run();
        other.run();
    }

    @Test
    final void await_conditionHoldsAlready_returnsAtOnceEvenWithoutTime() {
        assertThat(runtime.waiter().await(() -> true, Duration.ZERO)).isTrue();
    }

    @Test
    final void await_noTimeAndNoCondition_returnsFalse() {
        assertThat(runtime.waiter().await(() -> false, Duration.ZERO)).isFalse();
    }

    @Test
    final void await_timeout_returnsFalseNotEarly() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        long begin = runtime.nanoTime();
        AtomicReference<Duration> took = new AtomicReference<>();
        AtomicBoolean held = new AtomicBoolean(true);

        runtime.execute("kit", () -> {
            held.set(waiter.await(() -> false, Duration.ofMillis(50)));
            took.set(Duration.ofNanos(runtime.nanoTime() - begin));
        });

        until(() -> took.get() != null);
        assertThat(held).isFalse();
        assertThat(took.get()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    @Test
    final void wake_conditionStillFalse_goesOnWaiting() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        AtomicBoolean open = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch returned = new CountDownLatch(1);
        runtime.execute("kit", () -> {
            waiter.await(
                    () -> {
                        looks.incrementAndGet();
                        return open.get();
                    },
                    LONG);
            returned.countDown();
        });
        untilTrue(() -> looks.get() > 0);
        int before = looks.get();

        waiter.wake();

        untilTrue(() -> looks.get() > before);
        assertThat(returned.getCount()).isEqualTo(1);
        open.set(true);
        waiter.wake();
        await(returned);
    }

    /** Forces: the condition becomes true and is announced between the waiter's look at it and its falling asleep. */
    @Test
    final void wake_betweenLookAndSleep_isNotLost() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        AtomicBoolean open = new AtomicBoolean();
        CountDownLatch looked = new CountDownLatch(1);
        CountDownLatch announced = new CountDownLatch(1);
        CountDownLatch returned = new CountDownLatch(1);
        runtime.execute("kit", () -> {
            waiter.await(
                    () -> {
                        boolean seen = open.get();
                        looked.countDown();
                        // the announcement may have to wait until this thread sleeps, so this wait is short
                        awaitBriefly(announced);
                        return seen;
                    },
                    LONG);
            returned.countDown();
        });
        await(looked);

        open.set(true);
        waiter.wake();
        announced.countDown();

        await(returned);
    }

    /** Forces: two threads hand a turn to each other 2,000 times, each asleep or about to be when the other announces. */
    @Test
    final void wake_pingPong_losesNoTurn() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        AtomicInteger turn = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(2);
        for (int player = 0; player < 2; player++) {
            int parity = player;
            runtime.execute("kit", () -> {
                for (int i = 0; i < 2_000; i++) {
                    if (!waiter.await(() -> turn.get() % 2 == parity, LONG)) {
                        return;
                    }
                    turn.incrementAndGet();
                    waiter.wake();
                }
                done.countDown();
            });
        }

        await(done);
        assertThat(turn).hasValue(4_000);
    }

    @Test
    final void wake_manyWaiters_reachesAll() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        AtomicBoolean open = new AtomicBoolean();
        CountDownLatch returned = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            runtime.execute("kit", () -> {
                if (waiter.await(open::get, LONG)) {
                    returned.countDown();
                }
            });
        }

        open.set(true);
        waiter.wake();

        await(returned);
    }

    /** Forces: a condition that cannot be looked at before the wake-up returned, as when its lock is the waking thread's. */
    @Test
    final void wake_whileAConditionIsLookedAt_doesNotWaitForIt() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch woke = new CountDownLatch(1);
        AtomicBoolean wokeInTime = new AtomicBoolean();
        CountDownLatch returned = new CountDownLatch(1);
        runtime.execute("kit", () -> {
            waiter.await(
                    () -> {
                        looking.countDown();
                        wokeInTime.set(endedWithin(woke, 5));
                        return true;
                    },
                    LONG);
            returned.countDown();
        });
        await(looking);

        waiter.wake();
        woke.countDown();

        await(returned);
        assertThat(wokeInTime).isTrue();
    }

    /** Forces: while one thread sleeps in a wait, another takes part in the same waiter and its condition. */
    @Test
    final void await_whileAnotherWaits_holdsNoLock() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        CountDownLatch first = new CountDownLatch(1);
        AtomicBoolean open = new AtomicBoolean();
        CountDownLatch returned = new CountDownLatch(1);
        runtime.execute("kit", () -> {
            waiter.await(
                    () -> {
                        first.countDown();
                        return open.get();
                    },
                    LONG);
            returned.countDown();
        });
        await(first);

        assertThat(waiter.await(() -> true, LONG)).isTrue();
        open.set(true);
        waiter.wake();

        await(returned);
    }

    @Test
    final void await_interrupted_isCancelledAndKeepsTheFlag() throws InterruptedException {
        Waiter waiter = runtime.waiter();
        CompletableFuture<Thread> waiting = new CompletableFuture<>();
        AtomicReference<ErrorCode> code = new AtomicReference<>();
        AtomicBoolean flag = new AtomicBoolean();
        CountDownLatch returned = new CountDownLatch(1);
        runtime.execute("kit", () -> {
            waiting.complete(Thread.currentThread());
            code.set(Cases.codeOf(() -> waiter.await(() -> false, LONG)));
            flag.set(Thread.currentThread().isInterrupted());
            returned.countDown();
        });
        untilTrue(waiting::isDone);

        waiting.join().interrupt();

        await(returned);
        assertThat(code).hasValue(ErrorCode.CANCELLED);
        assertThat(flag).isTrue();
    }

    @Test
    final void close_waitingTask_isInterruptedAndGone() {
        Waiter waiter = runtime.waiter();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        AtomicReference<ErrorCode> code = new AtomicReference<>();
        runtime.execute("kit", () -> {
            thread.complete(Thread.currentThread());
            code.set(Cases.codeOf(() -> waiter.await(() -> false, LONG)));
        });
        untilTrue(thread::isDone);

        runtime.close();

        assertThat(code).hasValue(ErrorCode.CANCELLED);
        untilTrue(() -> !thread.join().isAlive());
    }

    @Test
    final void close_scheduledTask_isForgotten() {
        AtomicBoolean ran = new AtomicBoolean();
        Runnable forget = runtime.schedule(Duration.ofMillis(20), () -> ran.set(true));

        runtime.close();

        try (HostRuntime other = create()) {
            AtomicBoolean later = new AtomicBoolean();
            Runnable forgetOther = other.schedule(Duration.ofMillis(60), () -> later.set(true));
            untilTrue(() -> {
                letTimePass(runtime);
                letTimePass(other);
                return later.get();
            });
            forgetOther.run();
        }
        forget.run();
        assertThat(ran).isFalse();
    }

    @Test
    final void close_twice_isNotAnErrorAndLaterWorkIsRefused() {
        runtime.close();
        runtime.close();

        assertThat(Cases.codeOf(() -> runtime.execute("kit", () -> {}))).isEqualTo(ErrorCode.CLOSED);
        assertThat(Cases.codeOf(() -> runtime.schedule(Duration.ZERO, () -> {})))
                .isEqualTo(ErrorCode.CLOSED);
    }

    private void until(BooleanSupplier condition) {
        untilTrue(() -> {
            letTimePass(runtime);
            return condition.getAsBoolean();
        });
    }

    /** Polls on a thread of the test; the runtime under test is not trusted with it. */
    private static void untilTrue(BooleanSupplier condition) {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(PATIENCE_SECONDS));
            Thread.onSpinWait();
        }
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private static boolean endedWithin(CountDownLatch latch, int seconds) {
        try {
            return latch.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void awaitBriefly(CountDownLatch latch) {
        try {
            boolean ignored = latch.await(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
