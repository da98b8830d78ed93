package io.orchestrator.terminal;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.OrchestratorException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves output from the exec to the client, never more than the client asked for.
 *
 * <p>A few chunks are read ahead, so that a client which takes nothing can be told from a shell which writes nothing. The
 * client is called by whichever thread brought news (the exec's or the client's own), one call at a time and without a
 * lock: {@code busy} marks the thread that delivers, others leave their news and go.
 */
final class OutputPump implements Flow.Subscriber<OutputChunk> {
    /** With 16 KiB a chunk, 64 KiB are held at most. */
    static final int READ_AHEAD = 4;

    private static final Logger LOG = LoggerFactory.getLogger(OutputPump.class);

    private final TerminalClient client;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    // true until begin(): nothing may be delivered before the client knows its session
    private boolean busy = true;
    private long demand;
    private boolean complete;
    private boolean endTold;
    private boolean closedTold;
    private @Nullable Throwable failure;
    private @Nullable Runnable closed;
    private Flow.@Nullable Subscription subscription;
    private @Nullable Sink sink;

    private record Sink(Listener listener, Countdown stuck) {}

    /** What a session wants to know of its output; called without a lock, must not block. */
    interface Listener {
        /** A chunk was delivered. */
        void delivered();

        /** All output was delivered and the exec has no more; with what broke it, if something did. */
        void outputEnded(@Nullable Throwable failure);

        /** The client threw from {@link TerminalClient#output}. */
        void clientFailed(RuntimeException thrown);
    }

    OutputPump(TerminalClient client) {
        this.client = client;
    }

    /**
     * Begins to deliver.
     *
     * @param stuck to run while the client has a chunk in its hands or keeps one waiting
     */
    void begin(Listener to, Countdown stuck) {
        synchronized (this) {
            sink = new Sink(to, stuck);
            busy = false;
        }
        deliver();
    }

    void request(long chunks) {
        if (chunks < 1) {
            throw OrchestratorException.invalid("a demand of " + chunks + " chunks is less than 1");
        }
        synchronized (this) {
            demand = chunks > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + chunks;
        }
        deliver();
    }

    /**
     * Drops what waits, ends the subscription and tells the client once a call to it that is under way has returned.
     *
     * @param afterwards runs when the client was told
     */
    void close(CloseReason reason, Runnable afterwards) {
        Flow.Subscription ending;
        synchronized (this) {
            closed = () -> tellClosed(reason, afterwards);
            waiting.clear();
            ending = subscription;
        }
        try {
            if (ending != null) {
                ending.cancel();
            }
        } finally {
            deliver();
        }
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        boolean late;
        synchronized (this) {
            late = closed != null;
            subscription = given;
        }
        if (late) {
            given.cancel();
        } else {
            given.request(READ_AHEAD);
        }
    }

    @Override
    public void onNext(OutputChunk chunk) {
        synchronized (this) {
            if (closed != null) {
                return;
            }
            if (waiting.size() >= READ_AHEAD) {
                failure = new IllegalStateException("the node sent more than was requested");
                complete = true;
            } else {
                waiting.add(chunk.bytes());
            }
        }
        deliver();
    }

    @Override
    public void onError(Throwable thrown) {
        synchronized (this) {
            failure = thrown;
            complete = true;
        }
        deliver();
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            complete = true;
        }
        deliver();
    }

    private void deliver() {
        Runnable next = next(false);
        while (next != null) {
            next.run();
            next = next(true);
        }
    }

    /** Decides under the lock what the delivering thread does next; null once there is nothing, and nobody delivers. */
    private synchronized @Nullable Runnable next(boolean delivering) {
        if (busy && !delivering) {
            return null;
        }
        Runnable next = sink == null ? null : choose(sink.listener, sink.stuck);
        busy = next != null;
        return next;
    }

    private @Nullable Runnable choose(Listener to, Countdown stuck) {
        if (closed != null) {
            boolean told = closedTold;
            closedTold = true;
            return told ? null : closed;
        }
        ByteBuffer chunk = demand > 0 ? waiting.poll() : null;
        if (chunk != null) {
            demand--;
            stuck.restart();
            return () -> output(chunk, to);
        }
        if (!waiting.isEmpty()) {
            stuck.start();
            return null;
        }
        stuck.stop();
        if (complete && !endTold) {
            endTold = true;
            Throwable broken = failure;
            return () -> to.outputEnded(broken);
        }
        return null;
    }

    private void output(ByteBuffer chunk, Listener to) {
        try {
            client.output(chunk);
        } catch (RuntimeException thrown) {
            to.clientFailed(thrown);
            return;
        }
        to.delivered();
        Flow.Subscription source = subscription;
        if (source != null) {
            source.request(1);
        }
    }

    private void tellClosed(CloseReason reason, Runnable afterwards) {
        try {
            client.closed(reason);
        } catch (RuntimeException thrown) {
            LOG.warn("a terminal client threw when told of its end", thrown);
        } finally {
            afterwards.run();
        }
    }
}
