package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the groups of cases share: the transport under test, its gaps, and how failures are compared. */
abstract class Cases {
    /** Runs until it is told to end. */
    static final String FOREVER = "exec sleep 1000";
    /** Says {@code ready} once it ignores the signal that asks it to end. */
    static final String IGNORES_TERM = "trap '' TERM; echo ready; while :; do sleep 0.1; done";

    abstract NodeTransportContract kit();

    final KitNode node() {
        return kit().node();
    }

    final KitNode other() {
        return kit().other();
    }

    final ContainerSpec.Builder script(String script, String... arguments) {
        return kit().script(script, arguments);
    }

    final void needs(Class<?> ability) {
        assumeTrue(kit().abilities().contains(ability), () -> "the transport has no " + ability.getSimpleName());
    }

    final void needsNo(Gap gap) {
        assumeFalse(kit().gaps().contains(gap), () -> "the transport declares the gap " + gap);
    }

    static ErrorCode codeOf(ThrowingCallable action) {
        Throwable failure = catchThrowable(action);
        assertThat(failure).isInstanceOf(OrchestratorException.class);
        return ((OrchestratorException) failure).code();
    }

    /** Runs the action and lets it fail, but only in the library's own way. */
    static void maybeRefused(ThrowingCallable action) {
        Throwable failure = catchThrowable(action);
        if (failure != null) {
            assertThat(failure).isInstanceOf(OrchestratorException.class);
        }
    }

    /** Runs the action on that many threads, which all begin together, and returns what each returned. */
    static <T> List<T> race(int threads, Callable<T> action)
            throws InterruptedException, ExecutionException, TimeoutException {
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return action.call();
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
