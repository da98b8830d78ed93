package io.orchestrator.examples.controlplane;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The clock by which open sockets ask their clients whether they are still there. */
final class Pings implements AutoCloseable {
    private final Duration period;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "control-plane-pings");
        thread.setDaemon(true);
        return thread;
    });

    Pings(Duration period) {
        this.period = period;
    }

    Duration period() {
        return period;
    }

    /** Runs the action, which must not block, once in every period. */
    ScheduledFuture<?> every(Runnable action) {
        return timer.scheduleWithFixedDelay(action, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
