package io.orchestrator.terminal;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Acts when it ran for a time without being restarted or stopped; then it must be started again. Restarting is cheap: a
 * timer that is already set stays, and sets itself again for what is left when it comes too early.
 */
final class Countdown {
    private final HostRuntime runtime;
    private final Duration limit;
    private final Runnable action;
    private long since;
    private boolean running;
    private boolean ended;
    private @Nullable Runnable timer;

    Countdown(HostRuntime runtime, Duration limit, Runnable action) {
        this.runtime = runtime;
        this.limit = limit;
        this.action = action;
    }

    /** Begins anew. */
    synchronized void restart() {
        since = runtime.nanoTime();
        running = true;
        set(limit);
    }

    /** Begins, unless it already runs. */
    synchronized void start() {
        if (!running) {
            restart();
        }
    }

    /** Stops until it is started again. */
    synchronized void stop() {
        running = false;
    }

    /** Stops for good. */
    synchronized void end() {
        ended = true;
        if (timer != null) {
            timer.run();
        }
    }

    private synchronized void set(Duration delay) {
        if (ended || timer != null) {
            return;
        }
        try {
            timer = runtime.schedule(delay, this::fire);
        } catch (OrchestratorException runtimeClosed) {
            // closed before the sessions were; bytes must not stop at this, what ends a session is elsewhere
            ended = true;
        }
    }

    private void fire() {
        synchronized (this) {
            timer = null;
            if (ended || !running) {
                return;
            }
            Duration left = limit.minusNanos(runtime.nanoTime() - since);
            if (left.compareTo(Duration.ZERO) > 0) {
                set(left);
                return;
            }
            running = false;
        }
        action.run();
    }
}
