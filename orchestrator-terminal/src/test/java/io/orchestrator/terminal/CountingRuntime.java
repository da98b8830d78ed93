package io.orchestrator.terminal;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The production runtime, which tells how much of what it was given is still there. */
final class CountingRuntime implements HostRuntime {
    private final ThreadRuntime threads = new ThreadRuntime();
    private final AtomicInteger tasks = new AtomicInteger();
    private final AtomicInteger timers = new AtomicInteger();
    private final Waiter changes = threads.waiter();

    /** Waits until no task runs and no timer is set. */
    boolean awaitNothingLeft() {
        return changes.await(() -> tasks.get() == 0 && timers.get() == 0, Duration.ofSeconds(10));
    }

    int tasks() {
        return tasks.get();
    }

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
        tasks.incrementAndGet();
        threads.execute(role, () -> {
            try {
                task.run();
            } finally {
                ended(tasks);
            }
        });
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        AtomicBoolean over = new AtomicBoolean();
        timers.incrementAndGet();
        Runnable forget = threads.schedule(delay, () -> {
            try {
                task.run();
            } finally {
                if (over.compareAndSet(false, true)) {
                    ended(timers);
                }
            }
        });
        return () -> {
            forget.run();
            if (over.compareAndSet(false, true)) {
                ended(timers);
            }
        };
    }

    @Override
    public Waiter waiter() {
        return threads.waiter();
    }

    @Override
    public void close() {
        threads.close();
    }

    private void ended(AtomicInteger count) {
        count.decrementAndGet();
        changes.wake();
    }
}
