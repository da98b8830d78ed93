package io.orchestrator.transport.process;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls one subscriber as it may expect: in turn, only what it asked for, and nothing after the end. All but {@link #abort}
 * and {@link #wake} is for the one delivering thread.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final Flow.Subscriber<? super OutputChunk> subscriber;
    private final Waiter waiter;
    private final Demand demand;
    private volatile @Nullable OrchestratorException abort;

    Delivery(HostRuntime runtime, Flow.Subscriber<? super OutputChunk> subscriber) {
        this.subscriber = subscriber;
        this.waiter = runtime.waiter();
        this.demand = new Demand(waiter);
    }

    void begin() {
        guarded(() -> subscriber.onSubscribe(demand));
    }

    /** Waits until the condition holds; looked at again after {@link #wake} and whatever the subscriber does. */
    void await(BooleanSupplier condition, Duration atMost) {
        waiter.await(condition, atMost);
    }

    /** Whether a chunk may be delivered now. */
    boolean wanted() {
        return demand.open();
    }

    /** Whether the subscriber wants no more, or must get no more. */
    boolean over() {
        return demand.cancelled() || demand.broken() || abort != null;
    }

    boolean cancelled() {
        return demand.cancelled();
    }

    boolean aborted() {
        return abort != null;
    }

    void deliver(StreamKind kind, ByteBuffer bytes) {
        demand.take();
        guarded(() -> subscriber.onNext(new OutputChunk(kind, bytes)));
    }

    /** Tells the end: a good one, unless it was aborted or the subscriber broke a rule. Nothing if it cancelled. */
    void end() {
        OrchestratorException reason = abort;
        if (demand.cancelled()) {
            return;
        }
        if (reason != null) {
            guarded(() -> subscriber.onError(reason));
        } else if (demand.broken()) {
            guarded(() -> subscriber.onError(new IllegalArgumentException("a request must be for 1 chunk or more")));
        } else {
            guarded(subscriber::onComplete);
        }
    }

    /** Ends the stream with an error as soon as the running delivery allows. */
    void abort(ErrorCode code, String why) {
        if (abort == null) {
            abort = new OrchestratorException(code, why);
        }
        waiter.wake();
    }

    void wake() {
        waiter.wake();
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException broken) {
            LOG.warn("a subscriber of output threw; it gets no more", broken);
            demand.cancel();
        }
    }
}
