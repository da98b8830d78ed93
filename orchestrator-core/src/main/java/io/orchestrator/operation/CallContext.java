package io.orchestrator.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The deadline and the cancel signal of one remote call.
 *
 * <p>Thread-safe. The deadline runs on the given monotonic ticker, never on wall time.
 */
public final class CallContext {
    private final LongSupplier ticker;
    private final long deadlineNanos;
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean cancelled;

    private CallContext(LongSupplier ticker, long deadlineNanos) {
        this.ticker = ticker;
        this.deadlineNanos = deadlineNanos;
    }

    /** Starts a context that ends after the timeout, measured on the ticker (nanoseconds). */
    public static CallContext startingNow(LongSupplier ticker, Duration timeout) {
        return new CallContext(ticker, ticker.getAsLong() + timeout.toNanos());
    }

    /** The time left, never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - ticker.getAsLong()));
    }

    /** Whether the deadline passed. */
    public boolean expired() {
        return deadlineNanos - ticker.getAsLong() <= 0;
    }

    /** Ends the call early; listeners run on the calling thread. Idempotent. */
    public void cancel() {
        List<Runnable> toRun;
        synchronized (listeners) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            toRun = List.copyOf(listeners);
            listeners.clear();
        }
        toRun.forEach(Runnable::run);
    }

    /** Whether the call was cancelled. */
    public boolean cancelled() {
        synchronized (listeners) {
            return cancelled;
        }
    }

    /** Runs the listener when the call is cancelled, at once if it already is. Returns an action that forgets the listener. */
    public Runnable onCancel(Runnable listener) {
        synchronized (listeners) {
            if (!cancelled) {
                listeners.add(listener);
                return () -> {
                    synchronized (listeners) {
                        listeners.remove(listener);
                    }
                };
            }
        }
        listener.run();
        return () -> {};
    }

    /**
     * Throws if the call may not go on.
     *
     * @param what named in the message, such as {@code "inspect of 'web-1'"}
     */
    public void check(String what) {
        if (cancelled()) {
            throw new OrchestratorException(ErrorCode.CANCELLED, what + " was cancelled");
        }
        if (expired()) {
            throw new OrchestratorException(ErrorCode.DEADLINE_EXCEEDED, what + " did not end before its deadline");
        }
    }
}
