package io.orchestrator.service.internal;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request's body of unknown length that the calling thread writes piece by piece, as fast as the connection takes it.
 *
 * <p>One piece is in memory. Can be sent once: the client's own repetition of a request is refused.
 */
final class UploadBody implements BodyPublisher, Flow.Subscription {
    private final Object lock = new Object();
    private final Waiter waiter;
    private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;
    private long demand;
    private boolean cancelled;

    UploadBody(Waiter waiter) {
        this.waiter = waiter;
    }

    @Override
    public long contentLength() {
        return -1;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> given) {
        boolean first;
        synchronized (lock) {
            first = subscriber == null;
            if (first) {
                subscriber = given;
            }
        }
        given.onSubscribe(this);
        if (!first) {
            given.onError(new IOException("a stream cannot be sent twice"));
        }
        waiter.wake();
    }

    @Override
    public void request(long count) {
        synchronized (lock) {
            demand = demand + count < 0 ? Long.MAX_VALUE : demand + count;
        }
        waiter.wake();
    }

    @Override
    public void cancel() {
        synchronized (lock) {
            cancelled = true;
        }
        waiter.wake();
    }

    /**
     * Waits until the connection takes another piece.
     *
     * @param over whether the exchange ended
     * @return whether there is room; false once nothing more is wanted
     * @throws OrchestratorException if there was none in time, with the given reason
     */
    boolean awaitRoom(BooleanSupplier over, Duration patience, Supplier<OrchestratorException> late) {
        if (!waiter.await(() -> room() || unwanted() || over.getAsBoolean(), patience)) {
            throw late.get();
        }
        return room() && !unwanted() && !over.getAsBoolean();
    }

    private boolean room() {
        synchronized (lock) {
            return demand > 0 && subscriber != null;
        }
    }

    private boolean unwanted() {
        synchronized (lock) {
            return cancelled;
        }
    }

    /** Sends a piece for which there is room; the array is given away. */
    void write(byte[] piece, int length) {
        Flow.Subscriber<? super ByteBuffer> to;
        synchronized (lock) {
            demand--;
            to = subscriber;
        }
        if (to != null) {
            to.onNext(ByteBuffer.wrap(piece, 0, length));
        }
    }

    void complete() {
        Flow.Subscriber<? super ByteBuffer> to;
        synchronized (lock) {
            to = cancelled ? null : subscriber;
        }
        if (to != null) {
            to.onComplete();
        }
    }

    /** Breaks the request off, so that the other side cannot take what it got for the whole. */
    void fail() {
        Flow.Subscriber<? super ByteBuffer> to;
        synchronized (lock) {
            to = cancelled ? null : subscriber;
            cancelled = true;
        }
        if (to != null) {
            to.onError(new IOException("the content was broken off"));
        }
    }
}
