package io.orchestrator.spi;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The one way to wait for something: until a condition holds or time is up. Thread-safe, any number of waiters.
 *
 * <p>Whoever makes the condition true calls {@link #wake} afterwards; no wake-up is lost.
 */
public interface Waiter {
    /**
     * Blocks until the condition holds; holding no lock while it waits or looks at the condition.
     *
     * @param condition cheap, without side effects, called on the waiting thread
     * @return whether the condition held; false if the timeout passed first
     * @throws io.orchestrator.operation.OrchestratorException {@link io.orchestrator.operation.ErrorCode#CANCELLED} if
     *     the waiting thread was interrupted; its interrupt flag stays set
     */
    boolean await(BooleanSupplier condition, Duration timeout);

    /** Makes every waiter look at its condition again. */
    void wake();
}
