package io.orchestrator.testing;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A runtime for tests, whose time stands still until {@link #advance} moves it. Tasks run on real threads; scheduled tasks
 * run on the thread that advances, in the order in which they are due.
 *
 * <p>Thread-safe. Random bytes follow from the seed.
 */
public final class SettableRuntime implements HostRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(SettableRuntime.class);
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    /** A task to run at a time; the sequence keeps those of one time in the order in which they were scheduled. */
    private record Scheduled(long dueNanos, long sequence, Runnable task) {}

    private final ThreadRuntime threads = new ThreadRuntime();
    private final SplitMix random;
    private final List<Waiter> waiting = new ArrayList<>();
    private final PriorityQueue<Scheduled> scheduled =
            new PriorityQueue<>(Comparator.comparingLong(Scheduled::dueNanos).thenComparingLong(Scheduled::sequence));
    private long nanos;
    private long sequence;
    private boolean closed;

    private SettableRuntime(long seed) {
        random = new SplitMix(seed);
    }

    /** A runtime at the beginning of 2026, with seed 1. */
    public static SettableRuntime create() {
        return create(1);
    }

    public static SettableRuntime create(long seed) {
        return new SettableRuntime(seed);
    }

    /** Moves time on, running what falls due at its own time, and wakes whoever waited long enough. */
    public void advance(Duration duration) {
        long target = nanoTime() + duration.toNanos();
        for (Runnable task = moveTo(target); task != null; task = moveTo(target)) {
            wakeAll();
            try {
                task.run();
            } catch (RuntimeException failure) {
                // as in production: a task that fails does not keep the others from running
                LOG.error("a scheduled task failed", failure);
            }
        }
        wakeAll();
    }

    /** How many threads wait now. Reading it until it is as expected tells when it is time to advance. */
    public int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    @Override
    public Instant now() {
        return EPOCH.plusNanos(nanoTime());
    }

    @Override
    public long nanoTime() {
        synchronized (scheduled) {
            return nanos;
        }
    }

    @Override
    public void randomBytes(byte[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (byte) random.next();
        }
    }

    @Override
    public void execute(String role, Runnable task) {
        threads.execute(role, task);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        synchronized (scheduled) {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the runtime is closed");
            }
            Scheduled entry = new Scheduled(nanos + Math.max(0, delay.toNanos()), sequence++, task);
            scheduled.add(entry);
            return () -> {
                synchronized (scheduled) {
                    scheduled.remove(entry);
                }
            };
        }
    }

    @Override
    public Waiter waiter() {
        return new SettableWaiter(threads.waiter());
    }

    @Override
    public void close() {
        synchronized (scheduled) {
            closed = true;
            scheduled.clear();
        }
        threads.close();
    }

    /** Moves time to the next task that is due by then and returns it, or moves all the way and returns null. */
    private @Nullable Runnable moveTo(long target) {
        synchronized (scheduled) {
            Scheduled next = scheduled.peek();
            if (next == null || next.dueNanos() > target) {
                nanos = Math.max(nanos, target);
                return null;
            }
            scheduled.remove();
            nanos = Math.max(nanos, next.dueNanos());
            return next.task();
        }
    }

    private void wakeAll() {
        List<Waiter> toWake;
        synchronized (waiting) {
            toWake = List.copyOf(waiting);
        }
        toWake.forEach(Waiter::wake);
    }

    private final class SettableWaiter implements Waiter {
        private static final Duration UNTIL_WOKEN = Duration.ofDays(365);

        private final Waiter real;

        SettableWaiter(Waiter real) {
            this.real = real;
        }

        @Override
        public boolean await(BooleanSupplier condition, Duration timeout) {
            long begin = nanoTime();
            boolean[] held = {false};
            synchronized (waiting) {
                waiting.add(this);
            }
            try {
                real.await(
                        () -> {
                            held[0] = condition.getAsBoolean();
                            return held[0] || nanoTime() - begin >= timeout.toNanos();
                        },
                        UNTIL_WOKEN);
                return held[0];
            } finally {
                synchronized (waiting) {
                    waiting.remove(this);
                }
            }
        }

        @Override
        public void wake() {
            real.wake();
        }
    }
}
