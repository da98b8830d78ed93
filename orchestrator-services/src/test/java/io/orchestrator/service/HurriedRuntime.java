package io.orchestrator.service;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;

/** Real threads and clocks, but what is scheduled comes fifty times sooner, so that back-off takes no time. */
final class HurriedRuntime implements HostRuntime {
    private final ThreadRuntime threads = new ThreadRuntime();

    @Override
    public Instant now() {
        return threads.now();
    }

    @Override
    public long nanoTime() {
        return threads.nanoTime();
    }

    @Override
    public void randomBytes(byte[] target) {
        threads.randomBytes(target);
    }

    @Override
    public void execute(String role, Runnable task) {
        threads.execute(role, task);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        return threads.schedule(delay.dividedBy(50), task);
    }

    @Override
    public Waiter waiter() {
        return threads.waiter();
    }

    @Override
    public void close() {
        threads.close();
    }
}
