package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Collects output and watches that it comes as a subscriber may expect: in turn, asked for, and nothing after the end. */
final class Collector implements Flow.Subscriber<OutputChunk> {
    /** How output is asked for. */
    enum Demand {
        ALL,
        ONE_AT_A_TIME,
        BY_HAND
    }

    private final Waiter waiter;
    private final Demand demand;
    private final AtomicBoolean inside = new AtomicBoolean();
    private final List<String> violations = new ArrayList<>();
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;
    private long requested;
    private volatile Runnable onOutput = () -> {};
    private boolean complete;
    private @Nullable Throwable failure;

    Collector(HostRuntime runtime, Demand demand) {
        this.waiter = runtime.waiter();
        this.demand = demand;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        long askedBefore;
        synchronized (this) {
            check(subscription == null, "second onSubscribe");
            subscription = given;
            askedBefore = requested;
        }
        if (askedBefore > 0) {
            given.request(askedBefore);
        }
        if (demand == Demand.ALL) {
            request(Long.MAX_VALUE);
        } else if (demand == Demand.ONE_AT_A_TIME) {
            request(1);
        }
    }

    @Override
    public void onNext(OutputChunk chunk) {
        boolean alone = inside.compareAndSet(false, true);
        synchronized (this) {
            check(alone, "two calls at once");
            check(subscription != null, "output before onSubscribe");
            check(!ended(), "output after the end");
            check(requested > 0, "output that was not requested");
            int size = chunk.bytes().remaining();
            check(size >= 1 && size <= OutputChunk.MAX_BYTES, "a chunk of " + size + " bytes");
            requested--;
            byte[] bytes = new byte[size];
            chunk.bytes().get(bytes);
            (chunk.stream() == StreamKind.STDOUT ? stdout : stderr).writeBytes(bytes);
        }
        if (demand == Demand.ONE_AT_A_TIME) {
            request(1);
        }
        onOutput.run();
        inside.set(false);
        waiter.wake();
    }

    @Override
    public void onError(Throwable thrown) {
        synchronized (this) {
            check(!ended(), "onError after the end");
            failure = thrown;
        }
        waiter.wake();
    }

    @Override
    public void onComplete() {
        synchronized (this) {
            check(!ended(), "onComplete after the end");
            complete = true;
        }
        waiter.wake();
    }

    /** Has this done within each delivery of output from now on. */
    void onOutput(Runnable action) {
        onOutput = action;
    }

    void request(long chunks) {
        Flow.Subscription current;
        synchronized (this) {
            requested = requested + chunks < 0 ? Long.MAX_VALUE : requested + chunks;
            current = subscription;
        }
        if (current != null) {
            current.request(chunks);
        }
    }

    void cancel() {
        Flow.Subscription current;
        synchronized (this) {
            current = subscription;
        }
        if (current != null) {
            current.cancel();
        }
    }

    /** Waits for the end, which must be a good one. */
    Collector awaitComplete() {
        awaitEnd();
        synchronized (this) {
            assertThat(failure).isNull();
        }
        return this;
    }

    /** Waits for the end, which must be a failure. */
    Throwable awaitFailure() {
        awaitEnd();
        Throwable thrown = failure();
        if (thrown == null) {
            throw new AssertionError("the stream completed and did not fail");
        }
        return thrown;
    }

    void awaitEnd() {
        await("end of the stream", this::ended);
    }

    void awaitStdout(String text) {
        await("'" + text + "' on standard output", () -> stdoutText().contains(text));
    }

    synchronized boolean ended() {
        return complete || failure != null;
    }

    synchronized @Nullable Throwable failure() {
        return failure;
    }

    synchronized byte[] stdout() {
        return stdout.toByteArray();
    }

    synchronized int stdoutSize() {
        return stdout.size();
    }

    String stdoutText() {
        return new String(stdout(), StandardCharsets.UTF_8);
    }

    synchronized String stderrText() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    private void await(String what, BooleanSupplier condition) {
        boolean held = waiter.await(condition, KitNode.PATIENCE);
        synchronized (this) {
            assertThat(violations).as("rules of a subscriber").isEmpty();
        }
        assertThat(held)
                .as(() ->
                        what + "; so far out '" + stdoutText() + "', err '" + stderrText() + "', failure " + failure())
                .isTrue();
    }

    private void check(boolean kept, String violation) {
        if (!kept) {
            violations.add(violation);
        }
    }
}
