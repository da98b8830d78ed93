package io.orchestrator.internal.container;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A subscriber that hands each chunk to a consumer, asks for the next when that returned, and can be waited for. */
final class Collector implements Flow.Subscriber<OutputChunk> {
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
        consumer.accept(chunk);
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
        end(reason);
    }

    @Override
    public void onComplete() {
        end(null);
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
        }
        return true;
    }

    void cancel() {
        Flow.Subscription current;
        synchronized (this) {
            cancelled = true;
            current = subscription;
        }
        if (current != null) {
            current.cancel();
        }
        end(null);
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
        try {
            atEnd.run();
        } finally {
            changed.wake();
        }
    }
}
