package io.orchestrator.internal.runtime;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The production runtime: daemon threads made on demand and kept for ten idle seconds (virtual ones on JDK 21 and
 * later), one timer thread, the system's clocks and randomness.
 */
public final class ThreadRuntime implements HostRuntime {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadRuntime.class);
    /** What is interrupted ends at once or not at all; an orchestrator promises to be closed within ten seconds. */
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

    private final SecureRandom random = new SecureRandom();
    private final AtomicLong threadNumber = new AtomicLong();
    private final ExecutorService tasks;
    private final ScheduledThreadPoolExecutor timer;

    public ThreadRuntime() {
        tasks = taskExecutor();
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "timer"));
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public void randomBytes(byte[] target) {
        random.nextBytes(target);
    }

    @Override
    public void execute(String role, Runnable task) {
        try {
            tasks.execute(() -> runNamed(role, task));
        } catch (RejectedExecutionException closed) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the runtime is closed", closed);
        }
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        try {
            Future<?> scheduled = timer.schedule(() -> runNamed("timer", task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException closed) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the runtime is closed", closed);
        }
    }

    @Override
    public Waiter waiter() {
        return new LockWaiter();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        tasks.shutdownNow();
        try {
            long deadline = System.nanoTime() + CLOSE_WAIT.toNanos();
            timer.awaitTermination(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            if (!tasks.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                LOG.warn("threads are still busy {} s after close", CLOSE_WAIT.toSeconds());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runNamed(String role, Runnable task) {
        Thread thread = Thread.currentThread();
        thread.setName("orchestrator-" + role + "-" + threadNumber.incrementAndGet());
        try {
            task.run();
        } catch (Throwable failure) {
            // a worker must not die silently; the task's owner handles what it can, this is the last resort
            LOG.error("task '{}' failed", role, failure);
        }
    }

    private Thread daemon(Runnable task, String role) {
        Thread thread = new Thread(task, "orchestrator-" + role + "-" + threadNumber.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    private ExecutorService taskExecutor() {
        try {
            // bytecode is Java 17; virtual threads are used where the running JDK has them
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            ThreadFactory factory = (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
            return (ExecutorService) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, factory);
        } catch (ReflectiveOperationException olderJdk) {
            return new ThreadPoolExecutor(
                    0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "idle"));
        }
    }

    /** Looks at conditions without holding its lock: a condition may need a lock whose holder wakes. */
    private static final class LockWaiter implements Waiter {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition woken = lock.newCondition();
        private long wakes;

        @Override
        public boolean await(BooleanSupplier condition, Duration timeout) {
            long left = timeout.toNanos();
            while (true) {
                // counted before the look, so that a wake-up between the look and the wait is not lost
                long seen = wakes();
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (left <= 0) {
                    return false;
                }
                left = awaitWake(seen, left);
            }
        }

        private long awaitWake(long seen, long nanos) {
            long left = nanos;
            lock.lock();
            try {
                while (wakes == seen && left > 0) {
                    left = woken.awaitNanos(left);
                }
                return left;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new OrchestratorException(ErrorCode.CANCELLED, "the waiting thread was interrupted", interrupted);
            } finally {
                lock.unlock();
            }
        }

        private long wakes() {
            lock.lock();
            try {
                return wakes;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void wake() {
            lock.lock();
            try {
                wakes++;
                woken.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
