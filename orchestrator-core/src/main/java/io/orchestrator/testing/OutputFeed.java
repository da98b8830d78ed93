package io.orchestrator.testing;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Delivers output to one subscriber, on one thread, as it is requested. */
final class OutputFeed implements Flow.Subscription {
    private final Waiter waiter;
    private final ChunkSource source;
    private final Flow.Subscriber<? super OutputChunk> subscriber;
    private final Runnable onEnd;
    private long demand;
    private boolean cancelled;
    private @Nullable Throwable failure;
    private @Nullable Throwable failureWithoutDemand;

    OutputFeed(Waiter waiter, ChunkSource source, Flow.Subscriber<? super OutputChunk> subscriber, Runnable onEnd) {
        this.waiter = waiter;
        this.source = source;
        this.subscriber = subscriber;
        this.onEnd = onEnd;
    }

    /** Call once, after everything else was wired. */
    void begin(HostRuntime runtime) {
        subscriber.onSubscribe(this);
        runtime.execute("fake-output", this::deliver);
    }

    @Override
    public void request(long chunks) {
        if (chunks <= 0) {
            fail(new IllegalArgumentException("requested " + chunks + " chunks, not 1 or more"));
            return;
        }
        synchronized (this) {
            demand = demand + chunks < 0 ? Long.MAX_VALUE : demand + chunks;
        }
        waiter.wake();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            cancelled = true;
        }
        waiter.wake();
    }

    /** Ends the stream with that failure, unless it has ended. */
    void fail(Throwable reason) {
        synchronized (this) {
            failure = reason;
        }
        waiter.wake();
    }

    /** Ends the stream with that failure as soon as output waits that nobody requests. */
    void failWithoutDemand(Throwable reason) {
        synchronized (this) {
            failureWithoutDemand = reason;
        }
        waiter.wake();
    }

    private void deliver() {
        try {
            while (true) {
                waiter.await(this::something, Life.FOREVER);
                Throwable reason = failureNow();
                if (isCancelled()) {
                    return;
                } else if (reason != null) {
                    subscriber.onError(reason);
                    return;
                } else if (source.drained()) {
                    subscriber.onComplete();
                    return;
                } else if (source.hasMore() && claim()) {
                    subscriber.onNext(source.take());
                }
            }
        } catch (OrchestratorException interrupted) {
            subscriber.onError(interrupted);
        } finally {
            onEnd.run();
        }
    }

    private boolean something() {
        return isCancelled() || failureNow() != null || source.drained() || (source.hasMore() && hasDemand());
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    private synchronized boolean hasDemand() {
        return demand > 0;
    }

    private synchronized boolean claim() {
        if (demand == 0) {
            return false;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        return true;
    }

    private synchronized @Nullable Throwable failureNow() {
        if (failure != null) {
            return failure;
        }
        return demand == 0 && source.hasMore() ? failureWithoutDemand : null;
    }
}
