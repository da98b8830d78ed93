package io.orchestrator.examples.bucket;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that serve requests, and one that interrupts those whose client is too slow. The queue needs no bound of its
 * own: each connection has at most one request in it, and connections are limited.
 */
final class PacedPool implements Executor, AutoCloseable {
    // The JDK's server gives a handler no other way back to the task that called it.
    private static final ThreadLocal<Watched> CURRENT = new ThreadLocal<>();

    private final Pace pace;
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService clock;
    private final ScheduledFuture<?> patrol;
    private final Set<Watched> active = ConcurrentHashMap.newKeySet();

    PacedPool(int size, Pace pace) {
        this.pace = pace;
        this.threads = new ThreadPoolExecutor(
                size, size, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("orchestrator-bucket-"));
        threads.allowCoreThreadTimeOut(true);
        this.clock = Executors.newSingleThreadScheduledExecutor(named("orchestrator-bucket-patrol-"));
        long tick = shortest(pace).toMillis() / 4 + 1;
        this.patrol = clock.scheduleWithFixedDelay(this::patrol, tick, tick, TimeUnit.MILLISECONDS);
    }

    private static Duration shortest(Pace pace) {
        Duration least = pace.head().compareTo(pace.idle()) < 0 ? pace.head() : pace.idle();
        return pace.linger().compareTo(least) < 0 ? pace.linger() : least;
    }

    private static ThreadFactory named(String prefix) {
        var number = new AtomicInteger();
        return task -> {
            var thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void execute(Runnable request) {
        threads.execute(() -> watch(request));
    }

    private void watch(Runnable request) {
        var watched = new Watched(pace);
        active.add(watched);
        CURRENT.set(watched);
        try {
            request.run();
        } finally {
            CURRENT.remove();
            active.remove(watched);
            watched.finish();
        }
    }

    /** The watch over the request that the calling thread serves. */
    Watched current() {
        return CURRENT.get();
    }

    private void patrol() {
        long now = System.nanoTime();
        for (Watched watched : active) {
            if (watched.isTooSlow(now)) {
                watched.interrupt();
            }
        }
    }

    void interruptAll() {
        active.forEach(Watched::interrupt);
    }

    @Override
    public void close() {
        patrol.cancel(false);
        clock.shutdownNow();
        threads.shutdownNow();
    }
}
