package io.orchestrator.service.internal;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer as a stream, with one piece of it in memory, and cut when nothing arrives for a while or when its
 * call's deadline passes, whether or not somebody reads it.
 *
 * <p>Read by one thread. Failures are {@link OrchestratorException}s.
 */
public final class BodyStream extends InputStream implements BodySubscriber<BodyStream> {
    private final CallContext call;
    private final Duration idle;
    private final String what;
    private final Waiter waiter;
    private final Runnable forgetDeadline;
    private final Runnable forgetCancel;
    private final Deque<ByteBuffer> arrived = new ArrayDeque<>();
    private Flow.@Nullable Subscription subscription;
    private @Nullable OrchestratorException failure;
    private boolean ended;
    private long count;

    /**
     * @param idle how long nothing may arrive while it is read
     * @param what named in errors, such as {@code "download of 'a' from bucket 'b'"}
     */
    BodyStream(HostRuntime runtime, CallContext call, Duration idle, String what) {
        this.call = call;
        this.idle = idle;
        this.what = what;
        this.waiter = runtime.waiter();
        this.forgetDeadline = runtime.schedule(call.remaining(), () -> cut(late(what)));
        this.forgetCancel =
                call.onCancel(() -> cut(new OrchestratorException(ErrorCode.CANCELLED, what + " was cancelled")));
    }

    static OrchestratorException late(String what) {
        return new OrchestratorException(ErrorCode.DEADLINE_EXCEEDED, what + " did not end before its deadline");
    }

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        boolean unwanted;
        synchronized (arrived) {
            subscription = given;
            unwanted = ended;
        }
        if (unwanted) {
            given.cancel();
        }
        waiter.wake();
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        synchronized (arrived) {
            arrived.addAll(piece);
        }
        waiter.wake();
    }

    @Override
    public void onError(Throwable broken) {
        end(new OrchestratorException(
                ErrorCode.NODE_UNREACHABLE,
                what + " broke off: " + broken.getClass().getSimpleName()));
    }

    @Override
    public void onComplete() {
        end(null);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        while (true) {
            Flow.@Nullable Subscription more;
            synchronized (arrived) {
                ByteBuffer piece = arrived.peek();
                if (failure != null) {
                    throw failure;
                }
                if (piece != null) {
                    int taken = Math.min(length, piece.remaining());
                    piece.get(into, offset, taken);
                    count += taken;
                    if (!piece.hasRemaining()) {
                        arrived.remove();
                    }
                    if (taken > 0) {
                        return taken;
                    }
                    continue;
                }
                if (ended) {
                    return -1;
                }
                more = subscription;
            }
            if (more != null) {
                // asked for only when the last piece was used up: what is in memory stays small
                more.request(1);
            }
            await(more);
        }
    }

    /** @param asked whom the next piece was asked of; null if the body had not begun, which then ends the wait too */
    private void await(Flow.@Nullable Subscription asked) {
        Duration left = call.remaining();
        Duration patience = left.compareTo(idle) < 0 ? left : idle;
        try {
            if (!waiter.await(() -> somethingToDo(asked), patience)) {
                cut(
                        call.expired()
                                ? late(what)
                                : new OrchestratorException(
                                        ErrorCode.DEADLINE_EXCEEDED,
                                        what + " was cut: nothing arrived for " + patience.toSeconds() + " s"));
            }
        } catch (OrchestratorException interrupted) {
            cut(interrupted);
        }
    }

    private boolean somethingToDo(Flow.@Nullable Subscription asked) {
        synchronized (arrived) {
            return ended || !arrived.isEmpty() || subscription != asked;
        }
    }

    /** How many bytes were read. */
    public long count() {
        return count;
    }

    /** Gives the rest up: the connection is closed unless everything arrived. Idempotent. */
    @Override
    public void close() {
        cut(new OrchestratorException(ErrorCode.CLOSED, what + " was closed"));
    }

    private void cut(OrchestratorException reason) {
        Flow.@Nullable Subscription toCancel = end(reason);
        if (toCancel != null) {
            toCancel.cancel();
        }
    }

    /** Returns what must be cancelled if this ended it. */
    private Flow.@Nullable Subscription end(@Nullable OrchestratorException reason) {
        Flow.@Nullable Subscription current;
        synchronized (arrived) {
            if (ended) {
                return null;
            }
            ended = true;
            failure = reason;
            current = subscription;
        }
        forgetDeadline.run();
        forgetCancel.run();
        waiter.wake();
        return current;
    }
}
