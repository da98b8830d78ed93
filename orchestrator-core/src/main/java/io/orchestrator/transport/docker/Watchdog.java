package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.HostRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Cuts exchanges at their deadlines. Thread-safe.
 *
 * <p>One timer serves all of them and stays when an exchange ends: to set and forget one for each call would wake the timer's
 * thread each time, which costs as much as half a ping.
 */
final class Watchdog {
    private final HostRuntime runtime;
    private final Map<Exchange, Long> deadlines = new LinkedHashMap<>();
    private @Nullable Runnable forgetTimer;
    private long timerNanos;
    private boolean closed;

    Watchdog(HostRuntime runtime) {
        this.runtime = runtime;
    }

    /** Cuts the exchange when the call's time is up, unless it is forgotten before. */
    synchronized void watch(Exchange exchange, CallContext call) {
        long deadline = runtime.nanoTime() + call.remaining().toNanos();
        deadlines.put(exchange, deadline);
        if (forgetTimer == null || deadline - timerNanos < 0) {
            setTimer(deadline);
        }
    }

    synchronized void forget(Exchange exchange) {
        deadlines.remove(exchange);
    }

    private void setTimer(long deadline) {
        if (forgetTimer != null) {
            forgetTimer.run();
        }
        timerNanos = deadline;
        forgetTimer = runtime.schedule(Duration.ofNanos(Math.max(0, deadline - runtime.nanoTime())), this::bite);
    }

    private void bite() {
        for (Exchange late : takeLate()) {
            late.cut(Exchange.Cut.DEADLINE);
        }
    }

    private synchronized List<Exchange> takeLate() {
        List<Exchange> late = new ArrayList<>();
        long now = runtime.nanoTime();
        long next = Long.MAX_VALUE;
        for (Map.Entry<Exchange, Long> entry : deadlines.entrySet()) {
            long left = entry.getValue() - now;
            if (left <= 0) {
                late.add(entry.getKey());
            } else {
                next = Math.min(next, left);
            }
        }
        late.forEach(deadlines::remove);
        forgetTimer = null;
        if (next != Long.MAX_VALUE && !closed) {
            setTimer(now + next);
        }
        return late;
    }

    /** Leaves no timer behind. */
    synchronized void close() {
        closed = true;
        deadlines.clear();
        if (forgetTimer != null) {
            forgetTimer.run();
        }
    }
}
