package io.orchestrator.internal.container;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A subscriber that hands each chunk to a consumer, asks for the next when that returned, and can be waited for.
 *
 * <p>The consumer, and what is to be done at the end of the output, run on the delivering thread only, and not any more
 * once the consumer failed or the output was cancelled.
 */
final class Collector implements Flow.Subscriber<OutputChunk> {
    private static final Logger LOG = LoggerFactory.getLogger(Collector.class);

    private final Consumer<OutputChunk> consumer;
    private final Runnable atEnd;
    private final Waiter changed;
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable failure;
    private boolean ended;
    private boolean cancelled;

    Collector(HostRuntime runtime, Consumer<OutputChunk> consumer, Runnable atEnd) {
        this.consumer = consumer;
        this.atEnd = atEnd;
        this.changed = runtime.waiter();
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        boolean tooLate;
        synchronized (this) {
            subscription = begun;
            tooLate = cancelled;
        }
        if (tooLate) {
            begun.cancel();
        } else {
            begun.request(1);
        }
    }

    @Override
    public void onNext(OutputChunk chunk) {
        if (!deliver(() -> consumer.accept(chunk))) {
            return;
        }
        Flow.Subscription current;
        synchronized (this) {
            current = subscription;
        }
        if (current != null) {
            current.request(1);
        }
    }

    @Override
    public void onError(Throwable reason) {
        if (deliver(atEnd)) {
            end(reason);
        }
    }

    @Override
    public void onComplete() {
        if (deliver(atEnd)) {
            end(null);
        }
    }

    /** Runs it unless the output has ended; false if it has, or if it failed, which ends it. */
    private boolean deliver(Runnable delivery) {
        if (ended()) {
            return false;
        }
        try {
            delivery.run();
            return true;
        } catch (RuntimeException | Error failed) {
            LOG.warn("the reader of a container's output failed and is called no more", failed);
            cancel(failed);
            return false;
        }
    }

    /** Waits for the end; false if the timeout passed first. Throws what ended the output early. */
    boolean awaitEnd(Duration timeout) {
        if (!changed.await(this::ended, timeout)) {
            return false;
        }
        synchronized (this) {
            if (failure instanceof RuntimeException reason) {
                throw reason;
            }
            if (failure instanceof Error reason) {
                throw reason;
            }
        }
        return true;
    }

    /** Ends the output without waiting; a chunk that is being delivered is delivered. */
    void cancel() {
        cancel(null);
    }

    private void cancel(@Nullable Throwable reason) {
        Flow.Subscription current;
        synchronized (this) {
            cancelled = true;
            current = subscription;
        }
        if (current != null) {
            current.cancel();
        }
        end(reason);
    }

    private synchronized boolean ended() {
        return ended;
    }

    private void end(@Nullable Throwable reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            failure = reason;
        }
        changed.wake();
    }
}
