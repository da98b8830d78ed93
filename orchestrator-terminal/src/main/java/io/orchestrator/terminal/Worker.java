package io.orchestrator.terminal;

import io.orchestrator.spi.HostRuntime;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** Repeats a blocking step while there is something to do, on at most one thread; while there is nothing, on none. */
final class Worker {
    private final HostRuntime runtime;
    private final String role;
    private final BooleanSupplier step;
    private final AtomicInteger wakes = new AtomicInteger();

    /**
     * Creates a worker without starting it.
     *
     * @param step does one piece of the work; false if there was none
     */
    Worker(HostRuntime runtime, String role, BooleanSupplier step) {
        this.runtime = runtime;
        this.role = role;
        this.step = step;
    }

    /** Says that there may be something to do. */
    void wake() {
        if (wakes.getAndIncrement() == 0) {
            runtime.execute(role, this::work);
        }
    }

    private void work() {
        int seen = wakes.get();
        do {
            while (step.getAsBoolean()) {
                // the step did one piece; there may be another
            }
            // a wake-up between the last look and here must lead to another look
            seen = wakes.addAndGet(-seen);
        } while (seen != 0);
    }
}
