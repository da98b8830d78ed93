package io.orchestrator.examples.controlplane;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what exists, at most once a second however often it is asked: one of its readers needs no token.
 *
 * <p>One thread counts at a time and nobody waits with another one: while the store hangs, everybody gets the same
 * failure.
 */
final class Census {
    private static final Logger LOG = LoggerFactory.getLogger(Census.class);
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<Counts> source;
    private final Executor executor;
    private final Duration limit;
    private CompletableFuture<Counts> counting = new CompletableFuture<>();
    private CompletableFuture<Counts> answer = counting;
    private long begunAt;

    record Counts(int nodes, int healthyNodes, int containers, int running, int buckets) {}

    /**
     * A census that has counted nothing yet.
     *
     * @param source asks the store; may hang
     * @param executor whose one thread it then keeps
     * @param limit after which a count has failed, for whoever asks until it ends
     */
    Census(Supplier<Counts> source, Executor executor, Duration limit) {
        this.source = source;
        this.executor = executor;
        this.limit = limit;
        counting.cancel(false);
        begunAt = System.nanoTime() - FRESH_NANOS - 1;
    }

    /** What there was a second ago at most, within the limit; returns at once. */
    synchronized CompletableFuture<Counts> counts() {
        if (counting.isDone() && System.nanoTime() - begunAt > FRESH_NANOS) {
            begunAt = System.nanoTime();
            counting = CompletableFuture.supplyAsync(source, executor);
            answer = counting.copy()
                    .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((counts, failure) -> {
                        if (failure != null) {
                            LOG.warn("unhealthy", failure);
                        }
                    });
        }
        return answer.copy();
    }
}
