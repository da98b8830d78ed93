package io.orchestrator.terminal;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A shell whose output, reading, exit and death the test decides. Keeps to demand as a node must. */
final class FakeShell implements ExecSession, Flow.Subscription {
    final ExecSpec spec;
    private final List<TerminalSize> sizes = new ArrayList<>();
    /** How a resize passes the time at the node. */
    volatile Runnable resizing = () -> {};

    volatile boolean reads = true;
    volatile boolean confirmsDeath = true;
    volatile boolean alive = true;

    private final Flow.Subscriber<? super OutputChunk> subscriber;
    private final Waiter changes;
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private ByteBuffer pending = ByteBuffer.allocate(0);
    private boolean endless;
    private boolean delivering;
    private boolean done;
    private long demand;
    private long delivered;
    private @Nullable Runnable end;

    FakeShell(ExecSpec spec, HostRuntime runtime, Flow.Subscriber<? super OutputChunk> subscriber) {
        this.spec = spec;
        this.subscriber = subscriber;
        this.changes = runtime.waiter();
        subscriber.onSubscribe(this);
    }

    /** Writes output, as far as there is demand; the rest when there is. */
    void print(byte[] bytes) {
        synchronized (this) {
            pending = ByteBuffer.allocate(pending.remaining() + bytes.length)
                    .put(pending)
                    .put(bytes)
                    .flip();
        }
        deliver();
    }

    /** Writes for ever, as {@code yes} does. */
    void printForEver() {
        synchronized (this) {
            endless = true;
        }
        deliver();
    }

    /** Ends by itself once its output was taken. */
    void exit(int code) {
        endWith(() -> {
            subscriber.onComplete();
            exit.complete(code);
        });
    }

    /** Closes its terminal without an exit code ever coming. */
    void hangUp() {
        endWith(subscriber::onComplete);
    }

    /** Its node vanishes. */
    void lose(Throwable failure) {
        endWith(() -> {
            subscriber.onError(failure);
            exit.completeExceptionally(failure);
        });
    }

    /** Sends a chunk that nobody asked for. */
    void breakProtocol() {
        subscriber.onNext(new OutputChunk(StreamKind.STDOUT, ByteBuffer.allocate(1)));
    }

    synchronized byte[] typed() {
        return typed.toByteArray();
    }

    /** How many bytes it could write so far. */
    synchronized long delivered() {
        return delivered;
    }

    void await(BooleanSupplier condition) {
        if (!changes.await(condition, Duration.ofSeconds(60))) {
            throw new AssertionError("did not come to be within 60 s");
        }
    }

    void startReading() {
        reads = true;
        changes.wake();
    }

    @Override
    public void write(ByteBuffer bytes, Duration timeout) {
        if (!changes.await(() -> reads || !alive, timeout)) {
            throw new OrchestratorException(ErrorCode.DEADLINE_EXCEEDED, "the shell does not read");
        }
        if (!alive) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the shell has ended");
        }
        synchronized (this) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            typed.writeBytes(copy);
        }
        changes.wake();
    }

    @Override
    public void closeInput() {}

    @Override
    public void resize(TerminalSize size) {
        resizing.run();
        synchronized (this) {
            sizes.add(size);
        }
        changes.wake();
    }

    synchronized List<TerminalSize> sizes() {
        return List.copyOf(sizes);
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void close() {
        alive = false;
        changes.wake();
        if (!confirmsDeath) {
            throw new OutcomeUnknownException("the node did not confirm", null);
        }
        exit.complete(137);
    }

    @Override
    public void request(long n) {
        synchronized (this) {
            demand += n;
        }
        deliver();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            done = true;
        }
    }

    private void endWith(Runnable how) {
        synchronized (this) {
            end = how;
            endless = false;
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

    private synchronized @Nullable Runnable next(boolean mine) {
        if (delivering && !mine) {
            return null;
        }
        Runnable next = done ? null : choose();
        delivering = next != null;
        return next;
    }

    private @Nullable Runnable choose() {
        if (demand > 0 && (endless || pending.hasRemaining())) {
            byte[] chunk =
                    new byte[endless ? OutputChunk.MAX_BYTES : Math.min(OutputChunk.MAX_BYTES, pending.remaining())];
            if (!endless) {
                pending.get(chunk);
            }
            demand--;
            delivered += chunk.length;
            return () -> subscriber.onNext(new OutputChunk(StreamKind.STDOUT, ByteBuffer.wrap(chunk)));
        }
        if (end != null && !pending.hasRemaining()) {
            done = true;
            alive = false;
            return end;
        }
        return null;
    }
}
