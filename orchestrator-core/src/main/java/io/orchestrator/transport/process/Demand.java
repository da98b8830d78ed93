package io.orchestrator.transport.process;

import io.orchestrator.spi.Waiter;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** How much a subscriber wants, and whether it still does. Thread-safe. */
final class Demand implements Flow.Subscription {
    private final Waiter waiter;
    private final ReentrantLock lock = new ReentrantLock();
    private long requested;
    private boolean cancelled;
    private boolean broken;

    /** Wakes the waiter at each change. */
    Demand(Waiter waiter) {
        this.waiter = waiter;
    }

    @Override
    public void request(long chunks) {
        lock.lock();
        try {
            broken |= chunks <= 0;
            requested = requested + chunks < 0 ? Long.MAX_VALUE : requested + chunks;
        } finally {
            lock.unlock();
        }
        waiter.wake();
    }

    @Override
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
        } finally {
            lock.unlock();
        }
        waiter.wake();
    }

    /** Whether a chunk may be delivered. */
    boolean open() {
        return look(() -> requested > 0 && !cancelled && !broken);
    }

    boolean cancelled() {
        return look(() -> cancelled);
    }

    /** Whether the subscriber broke the rule that it asks for one chunk at the least. */
    boolean broken() {
        return look(() -> broken);
    }

    /** Uses up one chunk; only the delivering thread calls this, and only while {@link #open}. */
    void take() {
        lock.lock();
        try {
            if (requested != Long.MAX_VALUE) {
                requested--;
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean look(BooleanSupplier question) {
        lock.lock();
        try {
            return question.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }
}
