package io.orchestrator.terminal;

import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** One thread and a clock that only the test moves: tasks run when the test lets them, timers when their time comes. */
final class VirtualRuntime implements HostRuntime {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number));
    private final Random random = new Random(1);
    private long nanos;
    private long numbers;

    private record Timer(long at, long number, Runnable task) {}

    /** Runs every task there is and every task they lead to, without moving time. */
    void settle() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** Moves time, running each timer at its own moment. */
    void advance(Duration time) {
        settle();
        long until = nanos + time.toNanos();
        while (!timers.isEmpty() && timers.element().at <= until) {
            fire();
        }
        nanos = until;
    }

    int timers() {
        return timers.size();
    }

    @Override
    public Instant now() {
        return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public void randomBytes(byte[] target) {
        random.nextBytes(target);
    }

    @Override
    public void execute(String role, Runnable task) {
        tasks.add(task);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(nanos + delay.toNanos(), numbers++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    /** Whoever waits runs what others have to do meanwhile. */
    @Override
    public Waiter waiter() {
        return new Waiter() {
            @Override
            public boolean await(BooleanSupplier condition, Duration timeout) {
                long until = nanos + timeout.toNanos();
                while (!condition.getAsBoolean()) {
                    if (!tasks.isEmpty()) {
                        tasks.remove().run();
                    } else if (!timers.isEmpty() && timers.element().at <= until) {
                        fire();
                    } else {
                        nanos = until;
                        return condition.getAsBoolean();
                    }
                }
                return true;
            }

            @Override
            public void wake() {}
        };
    }

    @Override
    public void close() {
        tasks.clear();
        timers.clear();
    }

    private void fire() {
        Timer next = timers.remove();
        nanos = Math.max(nanos, next.at);
        next.task.run();
        settle();
    }
}
