package io.orchestrator.spi;

import java.time.Duration;
import java.time.Instant;

/**
 * Everything that is not a function of its input: time, randomness, threads and waiting.
 *
 * <p>The library and its transports and stores reach these only through here, so that a simulation can own them.
 * Thread-safe.
 */
public interface HostRuntime extends AutoCloseable {
    /** Wall time, for people to read; never for decisions. */
    Instant now();

    /** Monotonic nanoseconds, for deadlines and differences. */
    long nanoTime();

    /** Fills the array with unpredictable bytes fit for secrets. */
    void randomBytes(byte[] target);

    /**
     * Runs the task, which may block, on a thread of its own; returns at once.
     *
     * @param role names the thread, such as {@code operation}
     * @throws io.orchestrator.operation.OrchestratorException {@link io.orchestrator.operation.ErrorCode#CLOSED} after close
     */
    void execute(String role, Runnable task);

    /** Runs the task, which must not block, once after the delay. Returns an action that forgets it if it did not yet begin. */
    Runnable schedule(Duration delay, Runnable task);

    /** A new place to wait at. */
    Waiter waiter();

    /** Forgets what is scheduled, interrupts what runs, and waits a bounded time until no thread is left. Idempotent. */
    @Override
    void close();
}
