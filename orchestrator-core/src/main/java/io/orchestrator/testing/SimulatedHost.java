package io.orchestrator.testing;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A process of a {@link Simulation}: the runtime of what runs in it, until it crashes.
 *
 * <p>Wrap what it uses of the outside with {@link #reach}, so that nothing of it has any effect once it crashed.
 */
public final class SimulatedHost implements HostRuntime {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

    private final Simulation simulation;
    private final String name;
    private final Waiter closing = new SimulatedWaiter();
    private long effects;
    private long crashAt;
    private boolean crashAfter;
    private boolean crashed;
    private boolean closed;

    SimulatedHost(Simulation simulation, String name) {
        this.simulation = simulation;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Whether it crashed. */
    public boolean crashed() {
        return crashed;
    }

    /**
     * Loses power: its threads stop where they are and its timers are gone. Called by one of its own threads this never
     * returns. What it stored and what runs on nodes stays.
     */
    public void crash() {
        lose();
        if (simulation.isRunning(this)) {
            simulation.current().freeze();
        }
    }

    /** Crashes without stopping the calling thread, which is none of its own. */
    void lose() {
        crashed = true;
        simulation.forgetTimers(this);
    }

    /**
     * Has the host crash at its n-th effect from now on: a commit, or a call that changes something on a node.
     *
     * @param effect from 1; one that is never reached does no harm
     * @param after whether the effect takes place, and only its answer is never seen
     */
    public SimulatedHost crashAt(long effect, boolean after) {
        crashAt = effects + effect;
        crashAfter = after;
        return this;
    }

    /** How many effects it has had. */
    public long effects() {
        return effects;
    }

    /**
     * What this host reaches over a network or a disk: each call takes a random time there and back, others run
     * meanwhile, and a host that crashed reaches nothing any more. Closing it closes nothing outside, so that the next
     * host finds the same.
     *
     * @param type the interface to reach it through, such as {@code Store.class} or {@code Transport.class}
     */
    public <T> T reach(Class<T> type, T outside) {
        return SimulatedReach.of(this, type, outside, false);
    }

    Simulation simulation() {
        return simulation;
    }

    void taskEnded() {
        closing.wake();
    }

    /** Before the n-th effect; whether the host crashes after it. */
    boolean beginEffect() {
        boolean here = ++effects == crashAt;
        if (here && !crashAfter) {
            crash();
        }
        return here;
    }

    @Override
    public Instant now() {
        return simulation.now();
    }

    @Override
    public long nanoTime() {
        return simulation.nanoTime();
    }

    @Override
    public void randomBytes(byte[] target) {
        for (int i = 0; i < target.length; i++) {
            target[i] = (byte) simulation.values().next();
        }
    }

    @Override
    public void execute(String role, Runnable task) {
        requireUp();
        SimulatedTask unused = simulation.begin(this, role, task);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        requireUp();
        Simulation.Timer timer = simulation.schedule(this, delay, task);
        return () -> simulation.forget(timer);
    }

    @Override
    public Waiter waiter() {
        return new SimulatedWaiter();
    }

    @Override
    public void close() {
        if (closed || crashed) {
            return;
        }
        closed = true;
        simulation.forgetTimers(this);
        List<SimulatedTask> others = List.copyOf(simulation.tasks()).stream()
                .filter(task -> task.host() == this && !simulation.isCurrent(task))
                .toList();
        others.forEach(SimulatedTask::cancel);
        boolean ended = closing.await(() -> others.stream().allMatch(SimulatedTask::ended), CLOSE_WAIT);
        if (!ended) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "threads are left after close: " + others);
        }
    }

    private void requireUp() {
        if (closed || crashed) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the runtime of '" + name + "' is closed");
        }
    }

    private final class SimulatedWaiter implements Waiter {
        @Override
        public boolean await(BooleanSupplier condition, Duration timeout) {
            SimulatedTask task = simulation.current();
            long deadline = deadline(timeout);
            while (true) {
                task.check();
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (simulation.nanoTime() >= deadline) {
                    return false;
                }
                task.waitAt(this, deadline);
            }
        }

        private long deadline(Duration timeout) {
            long now = simulation.nanoTime();
            return timeout.compareTo(Duration.ofNanos(Long.MAX_VALUE - now)) >= 0
                    ? Long.MAX_VALUE
                    : now + timeout.toNanos();
        }

        @Override
        public void wake() {
            simulation.tasks().forEach(task -> task.woken(this));
        }
    }
}
