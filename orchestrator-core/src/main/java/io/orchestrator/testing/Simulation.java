package io.orchestrator.testing;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A world of virtual time in which whole control planes run, with the same classes as in production, so that one seed is
 * one history.
 *
 * <p>Every task has a thread of its own, but one at a time runs: it goes on until it waits or ends, then the seed decides
 * who is next. Each turn takes some virtual microseconds; when nobody can go on, time jumps to what is due next. So a
 * day passes in no time, timers fire in the middle of other work, and a rare order of events comes again with its seed.
 *
 * <pre>{@code
 * try (Simulation world = Simulation.of(42)) {
 *     SimulatedHost host = world.host("cp-1");
 *     world.run(() -> {
 *         // build orchestrators with .runtime(host), launch, crash the host, build the next one ...
 *     });
 * }
 * }</pre>
 *
 * <p>What runs inside must wait through its {@link HostRuntime} alone and hold no lock while it does. Used by one thread.
 */
public final class Simulation implements AutoCloseable {
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration DEFAULT_LIMIT = Duration.ofDays(1);
    private static final int TURNS_TO_UNWIND = 1_000_000;
    private static final long SHORTEST_TURN_NANOS = 1_000;
    private static final int TURN_SPREAD_NANOS = 50_000;

    private final ThreadRuntime threads = new ThreadRuntime();
    private final Waiter back = threads.waiter();
    private final SplitMix schedule;
    private final SplitMix values;
    private final long seed;
    private final List<SimulatedTask> tasks = new ArrayList<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos).thenComparingLong(Timer::sequence));
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final List<Runnable> watchers = new ArrayList<>();
    private volatile @Nullable SimulatedTask current;
    private Duration patience = Duration.ofSeconds(60);
    private long nanos;
    private long sequence;
    private long trace = 1_469_598_103_934_665_603L;
    private @Nullable Throwable broken;
    private boolean stuck;

    /** A task to begin at a time; the sequence keeps those of one time in the order in which they were scheduled. */
    record Timer(long dueNanos, long sequence, SimulatedHost host, Runnable task) {}

    private Simulation(long seed) {
        this.seed = seed;
        this.schedule = new SplitMix(seed);
        this.values = new SplitMix(~seed);
    }

    public static Simulation of(long seed) {
        return new Simulation(seed);
    }

    /** A process that runs in this world and can crash: a control plane, or the nodes of a fake cluster together. */
    public SimulatedHost host(String name) {
        SimulatedHost host = new SimulatedHost(this, name);
        hosts.add(host);
        return host;
    }

    /** How much real time a task may take for one turn before the run fails; a minute at first. */
    public Simulation patience(Duration value) {
        patience = value;
        return this;
    }

    /**
     * Has the check run after every turn, while nothing else runs, so that no moment of the history escapes it. It must not
     * wait; what it throws ends the run.
     */
    public Simulation watch(Runnable check) {
        watchers.add(check);
        return this;
    }

    /** How much virtual time has passed. */
    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    /** A number that tells two histories apart: the same seed must lead to the same one, on every JVM. */
    public long trace() {
        return trace;
    }

    /** {@link #run(Duration, Runnable)} for at most a virtual day. */
    public void run(Runnable body) {
        run(DEFAULT_LIMIT, body);
    }

    /**
     * Runs the body as a task of this world, and everything else beside it, until the body ended.
     *
     * @param limit how much virtual time this may take
     * @throws AssertionError if a task of any host ended with an exception, a check failed, the limit passed, or nothing could ever go on;
     *     names the seed
     */
    public void run(Duration limit, Runnable body) {
        long end = nanos + limit.toNanos();
        SimulatedTask main = begin(host("main"), "main", body);
        while (!main.ended() && broken == null) {
            turn();
            watch();
            if (nanos > end) {
                throw failed("still running after " + limit + ": " + waiting(), null);
            }
        }
        if (broken != null) {
            throw failed("a task failed", broken);
        }
    }

    /** Ends every task, crashed ones too, and leaves no thread behind. */
    @Override
    public void close() {
        timers.clear();
        hosts.forEach(SimulatedHost::lose);
        tasks.forEach(SimulatedTask::unwind);
        for (int i = 0; i < TURNS_TO_UNWIND && !tasks.isEmpty() && !stuck; i++) {
            turn();
        }
        threads.close();
    }

    Instant now() {
        return EPOCH.plusNanos(nanos);
    }

    long nanoTime() {
        return nanos;
    }

    SplitMix values() {
        return values;
    }

    Timer schedule(SimulatedHost host, Duration delay, Runnable task) {
        Timer timer = new Timer(nanos + Math.max(0, delay.toNanos()), sequence++, host, task);
        timers.add(timer);
        return timer;
    }

    void forget(Timer timer) {
        timers.remove(timer);
    }

    void forgetTimers(SimulatedHost host) {
        timers.removeIf(timer -> timer.host() == host);
    }

    SimulatedTask begin(SimulatedHost host, String role, Runnable body) {
        SimulatedTask task = new SimulatedTask(host, role, sequence++, body, threads.waiter());
        tasks.add(task);
        return task;
    }

    List<SimulatedTask> tasks() {
        return tasks;
    }

    /** The task whose turn it is. */
    SimulatedTask current() {
        SimulatedTask task = current;
        if (task == null) {
            throw new OrchestratorException(
                    ErrorCode.INTERNAL, "only tasks of the simulation can wait in it; use Simulation.run");
        }
        return task;
    }

    boolean isCurrent(SimulatedTask task) {
        return current == task;
    }

    boolean isRunning(SimulatedHost host) {
        SimulatedTask task = current;
        return task != null && task.host() == host;
    }

    SplitMix chances() {
        return schedule;
    }

    /** Ends the turn of the calling task until the next one. */
    void endTurn(SimulatedTask task) {
        giveBack();
        task.awaitTurn(() -> current == task);
    }

    private void giveBack() {
        current = null;
        back.wake();
    }

    private void turn() {
        nanos += SHORTEST_TURN_NANOS + Math.floorMod(schedule.next(), TURN_SPREAD_NANOS);
        List<SimulatedTask> ready = ready();
        if (ready.isEmpty()) {
            nanos = Math.max(nanos, nextDue());
            ready = ready();
        }
        SimulatedTask next = ready.get((int) Math.floorMod(schedule.next(), (long) ready.size()));
        trace = (trace ^ next.id()) * 1_099_511_628_211L;
        trace = (trace ^ nanos) * 1_099_511_628_211L;
        hand(next);
        if (next.ended()) {
            tasks.remove(next);
            next.host().taskEnded();
            if (next.failure() != null && broken == null) {
                broken = next.failure();
            }
        }
    }

    private void watch() {
        for (Runnable watcher : watchers) {
            try {
                watcher.run();
            } catch (AssertionError | RuntimeException violation) {
                throw failed("a check failed: " + violation.getMessage(), violation);
            }
        }
    }

    private List<SimulatedTask> ready() {
        while (!timers.isEmpty() && timers.peek().dueNanos() <= nanos) {
            Timer due = timers.remove();
            begin(due.host(), "timer", due.task());
        }
        return tasks.stream().filter(task -> task.ready(nanos)).toList();
    }

    private long nextDue() {
        long due = Long.MAX_VALUE;
        if (!timers.isEmpty()) {
            due = timers.peek().dueNanos();
        }
        for (SimulatedTask task : tasks) {
            due = Math.min(due, task.dueNanos());
        }
        if (due == Long.MAX_VALUE) {
            throw failed("nothing can ever go on: " + waiting(), null);
        }
        return due;
    }

    private void hand(SimulatedTask task) {
        current = task;
        if (task.start()) {
            threads.execute(task.role(), () -> {
                task.run();
                giveBack();
            });
        } else {
            task.wake();
        }
        if (!back.await(() -> current == null, patience)) {
            stuck = true;
            throw failed(task + " waits for something outside the simulation", task.where());
        }
    }

    private String waiting() {
        return tasks.stream().map(SimulatedTask::toString).collect(Collectors.joining(", "));
    }

    private AssertionError failed(String what, @Nullable Throwable cause) {
        return new AssertionError("seed " + seed + ", after " + elapsed() + ": " + what, cause);
    }
}
