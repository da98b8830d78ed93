package io.orchestrator.transport.docker;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Waiter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers an engine's output to a subscriber as it asks for it. At most one chunk is read ahead: a subscriber that does
 * not ask stops the reading, then the engine's buffers fill, then the process waits.
 */
final class OutputPump implements Flow.Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);
    private static final int FRAME_HEADER_BYTES = 8;
    private static final Duration LONG = Duration.ofDays(1);

    private final Flow.Subscriber<? super OutputChunk> subscriber;
    private final Waiter waiter;
    private final Runnable onCancel;
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean badRequest;
    private volatile boolean discarding;
    private volatile boolean cancelled;
    private boolean dropped;

    /** @param onCancel runs when the subscriber wants no more */
    OutputPump(Flow.Subscriber<? super OutputChunk> subscriber, Waiter waiter, Runnable onCancel) {
        this.subscriber = subscriber;
        this.waiter = waiter;
        this.onCancel = onCancel;
    }

    /** Where the bytes come from. */
    interface Source {
        /** Opens the stream, waiting for the engine. */
        ResponseBody open();
    }

    /**
     * Delivers everything up to the end on the calling thread.
     *
     * @param framed whether the engine marks which stream each piece came from
     * @return null if the stream was read to its end, even one that nobody wanted; otherwise what broke it
     */
    @Nullable
    OrchestratorException run(Source source, boolean framed) {
        OrchestratorException failure = null;
        try {
            subscriber.onSubscribe(this);
        } catch (RuntimeException broken) {
            giveUp(broken);
        }
        try {
            ResponseBody body = source.open();
            if (framed) {
                pumpFrames(body);
            } else {
                pump(body, StreamKind.STDOUT, Long.MAX_VALUE);
            }
        } catch (OrchestratorException broken) {
            failure = broken;
        }
        finish(failure);
        return failure;
    }

    private void finish(@Nullable OrchestratorException failure) {
        if (cancelled) {
            return;
        }
        cancelled = true;
        try {
            if (badRequest) {
                subscriber.onError(new IllegalArgumentException("a subscriber must request 1 or more"));
            } else if (failure != null) {
                subscriber.onError(failure);
            } else if (dropped) {
                subscriber.onError(new OrchestratorException(
                        ErrorCode.CLOSED, "the session was closed before all of its output was asked for"));
            } else {
                subscriber.onComplete();
            }
        } catch (RuntimeException broken) {
            LOG.warn("a subscriber of output failed at its end", broken);
        }
    }

    /** The frames of the engine's API: stream, three zeros, length in four bytes, then the piece itself. */
    private void pumpFrames(ResponseBody body) {
        byte[] header = new byte[FRAME_HEADER_BYTES];
        while (true) {
            int have = 0;
            while (have < header.length) {
                int count = body.read(header, have, header.length - have);
                if (count < 0) {
                    if (have == 0) {
                        return;
                    }
                    throw body.protocolError("the output ends within a frame");
                }
                have += count;
            }
            long length = Integer.toUnsignedLong(ByteBuffer.wrap(header).getInt(4));
            boolean padded = header[1] == 0 && header[2] == 0 && header[3] == 0;
            if (!padded || header[0] < 0 || header[0] > 2 || length > Integer.MAX_VALUE) {
                throw body.protocolError("the output is not in frames");
            }
            pump(body, header[0] == 2 ? StreamKind.STDERR : StreamKind.STDOUT, length);
        }
    }

    private void pump(ResponseBody body, StreamKind kind, long length) {
        byte[] buffer = new byte[(int) Math.min(OutputChunk.MAX_BYTES, length)];
        long left = length;
        while (left > 0) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                if (length == Long.MAX_VALUE) {
                    return;
                }
                throw body.protocolError("the output ends within a frame");
            }
            left -= count;
            deliver(kind, buffer, count);
        }
    }

    private void deliver(StreamKind kind, byte[] buffer, int count) {
        while (demand.get() == 0 && !discarding) {
            waiter.await(() -> demand.get() > 0 || discarding, LONG);
        }
        if (cancelled || demand.get() == 0) {
            dropped = true;
            return;
        }
        demand.getAndUpdate(asked -> asked == Long.MAX_VALUE ? asked : asked - 1);
        try {
            subscriber.onNext(new OutputChunk(kind, ByteBuffer.wrap(Arrays.copyOf(buffer, count))));
        } catch (RuntimeException broken) {
            giveUp(broken);
        }
    }

    private void giveUp(RuntimeException broken) {
        LOG.warn("a subscriber of output failed and gets no more of it", broken);
        cancel();
    }

    /** From now on reads on without waiting for demand, and drops what nobody asked for. */
    void discard() {
        discarding = true;
        waiter.wake();
    }

    @Override
    public void request(long count) {
        if (count <= 0) {
            badRequest = true;
            discard();
            onCancel.run();
            return;
        }
        demand.getAndUpdate(asked -> asked + count < 0 ? Long.MAX_VALUE : asked + count);
        waiter.wake();
    }

    @Override
    public void cancel() {
        cancelled = true;
        discard();
        onCancel.run();
    }
}
