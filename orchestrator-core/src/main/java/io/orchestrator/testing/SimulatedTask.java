package io.orchestrator.testing;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A thread of a simulated host. Touched by the thread whose turn it is and by the simulation between turns. */
final class SimulatedTask {
    private static final Duration REAL_LIMIT = Duration.ofDays(1);

    private final SimulatedHost host;
    private final String role;
    private final long id;
    private final Runnable body;
    private final Waiter baton;
    private boolean started;
    private volatile boolean ended;
    private @Nullable Waiter waitsAt;
    private long untilNanos;
    private boolean cancelled;
    private boolean unwinding;
    private @Nullable Throwable failure;
    private volatile @Nullable Thread thread;

    SimulatedTask(SimulatedHost host, String role, long id, Runnable body, Waiter baton) {
        this.host = host;
        this.role = role;
        this.id = id;
        this.body = body;
        this.baton = baton;
    }

    long id() {
        return id;
    }

    String role() {
        return role;
    }

    SimulatedHost host() {
        return host;
    }

    boolean ended() {
        return ended;
    }

    @Nullable
    Throwable failure() {
        return failure;
    }

    /** Whether it can go on at that time. */
    boolean ready(long nanos) {
        return unwinding || (!host.crashed() && (waitsAt == null || cancelled || untilNanos <= nanos));
    }

    /** When it goes on although nobody wakes it. */
    long dueNanos() {
        return host.crashed() || waitsAt == null ? Long.MAX_VALUE : untilNanos;
    }

    /** Whether this is its first turn. */
    boolean start() {
        boolean first = !started;
        started = true;
        return first;
    }

    void run() {
        thread = Thread.currentThread();
        try {
            if (!unwinding) {
                body.run();
            }
        } catch (RuntimeException | Error thrown) {
            if (!unwinding && !cancelled) {
                failure = thrown;
            }
        } finally {
            ended = true;
        }
    }

    /** Waits at a waiter until it is woken, time is up, or the task is cancelled. */
    void waitAt(Waiter waiter, long deadlineNanos) {
        waitsAt = waiter;
        untilNanos = deadlineNanos;
        try {
            host.simulation().endTurn(this);
        } finally {
            waitsAt = null;
        }
        check();
    }

    /** Never goes on by itself again: its host is no more. */
    void freeze() {
        host.simulation().endTurn(this);
        check();
    }

    void check() {
        if (cancelled || unwinding) {
            throw new OrchestratorException(ErrorCode.CANCELLED, "the waiting thread was interrupted");
        }
    }

    void woken(Waiter by) {
        if (waitsAt == by) {
            untilNanos = Long.MIN_VALUE;
        }
    }

    void cancel() {
        cancelled = true;
    }

    void unwind() {
        unwinding = true;
    }

    void awaitTurn(BooleanSupplier turn) {
        baton.await(turn, REAL_LIMIT);
    }

    void wake() {
        baton.wake();
    }

    /** Where its thread is. */
    @Nullable
    Throwable where() {
        Thread running = thread;
        if (running == null) {
            return null;
        }
        Throwable where = new Throwable("it is here");
        where.setStackTrace(running.getStackTrace());
        return where;
    }

    @Override
    public String toString() {
        return host.name() + "/" + role + "-" + id;
    }
}
