package io.orchestrator.transport.docker;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A command that runs in a container. Output is pumped on a thread of its own, everything else on the callers' threads. */
final class DockerExecSession implements ExecSession {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final Execs execs;
    private final HostRuntime runtime;
    private final String container;
    private final String exec;
    private final Response stream;
    private final boolean terminal;
    private final ExecKiller killer;
    private final OutputPump pump;
    private final Waiter waiter;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean resizing = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile TerminalSize wanted = TerminalSize.DEFAULT;
    private volatile boolean inputClosed;
    private volatile boolean closed;
    private volatile boolean gone;
    private volatile boolean cutByClose;
    private volatile @Nullable Thread pumpThread;

    DockerExecSession(
            Execs execs,
            String container,
            String exec,
            Response stream,
            boolean terminal,
            ExecKiller killer,
            Flow.Subscriber<? super OutputChunk> subscriber) {
        this.execs = execs;
        this.runtime = execs.client().runtime();
        this.container = container;
        this.exec = exec;
        this.stream = stream;
        this.terminal = terminal;
        this.killer = killer;
        this.waiter = runtime.waiter();
        // the command goes on when its output is no longer wanted, and must not wait for a reader then
        this.pump = new OutputPump(subscriber, waiter, () -> {});
    }

    /** Starts the threads; the constructor must not let them see a half-made object. */
    void begin(Optional<TerminalSize> size) {
        wanted = size.orElse(wanted);
        runtime.execute("exec", this::deliver);
        // an engine holds this until the command runs, and for 10 s if it never does
        size.ifPresent(first -> runtime.execute("exec-resize", this::setFirstSize));
    }

    private void deliver() {
        pumpThread = Thread.currentThread();
        OrchestratorException failure = null;
        try {
            failure = pump.run(stream::stream, !terminal);
        } finally {
            pumpThread = null;
            execs.client().finish(stream.exchange());
            settleExit(cutByClose ? null : failure);
        }
    }

    private void settleExit(@Nullable OrchestratorException failure) {
        try {
            if (failure != null) {
                exit.completeExceptionally(failure);
            } else {
                exit.complete(awaitExitCode());
            }
        } catch (OrchestratorException unknown) {
            exit.completeExceptionally(unknown);
        } finally {
            waiter.wake();
        }
    }

    /** The output may end before the command: one can close its output and go on. */
    private int awaitExitCode() {
        Duration pause = FIRST_PAUSE;
        while (true) {
            Execs.Status status = execs.inspect(execs.newCall(CALL_TIMEOUT), container, exec);
            if (status.ended()) {
                return status.exitCode().getAsInt();
            }
            if (gone) {
                throw new OrchestratorException(
                        ErrorCode.CLOSED, "the command in '" + container + "' was killed before it told an exit code");
            }
            waiter.await(() -> gone, pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    @Override
    public void write(ByteBuffer bytes, Duration timeout) {
        CallContext call = execs.newCall(timeout);
        lock(writing, call, "write to");
        Runnable timer =
                runtime.schedule(call.remaining(), () -> stream.exchange().cut(Exchange.Cut.DEADLINE));
        try {
            requireOpen();
            stream.exchange().write(bytes);
        } catch (OrchestratorException failure) {
            if (call.expired()) {
                throw new OrchestratorException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "the command in '" + container + "' did not take its input in time; close the session",
                        failure);
            }
            throw new OrchestratorException(
                    ErrorCode.CLOSED, "the command in '" + container + "' has ended and takes no input", failure);
        } finally {
            timer.run();
            unlock(writing);
        }
    }

    private void lock(AtomicBoolean lock, CallContext call, String what) {
        while (!lock.compareAndSet(false, true)) {
            waiter.await(() -> !lock.get(), call.remaining());
            call.check(what + " the command in '" + container + "'");
        }
    }

    private void unlock(AtomicBoolean lock) {
        lock.set(false);
        waiter.wake();
    }

    private void requireOpen() {
        if (closed || inputClosed || exit.isDone()) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the input was closed");
        }
    }

    @Override
    public void closeInput() {
        if (!terminal) {
            inputClosed = true;
            stream.exchange().closeOutput();
        }
    }

    @Override
    public void resize(TerminalSize size) {
        wanted = size;
        setWantedSize();
    }

    /** One at a time, and always to the size that was asked for last: an engine may hold the first one for long. */
    private void setWantedSize() {
        if (!terminal || closed || exit.isDone()) {
            return;
        }
        CallContext call = execs.newCall(CALL_TIMEOUT);
        lock(resizing, call, "resize the terminal of");
        try {
            execs.resize(call, container, exec, wanted);
        } catch (OrchestratorException failure) {
            boolean refused = failure.code() == ErrorCode.NOT_FOUND
                    || failure.code() == ErrorCode.CONFLICT
                    || failure.code() == ErrorCode.ENGINE_ERROR;
            // a command that ended meanwhile has no terminal any more
            if (!refused
                    || execs.inspect(execs.newCall(CALL_TIMEOUT), container, exec)
                            .running()) {
                throw failure;
            }
        } finally {
            unlock(resizing);
        }
    }

    private void setFirstSize() {
        try {
            setWantedSize();
        } catch (OrchestratorException failure) {
            // the terminal keeps the size it has; the next resize tells what is wrong
        }
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit.copy();
    }

    @Override
    public void close() {
        CallContext call = execs.newCall(CLOSE_TIMEOUT);
        while (!closing.compareAndSet(false, true)) {
            if (!waiter.await(() -> !closing.get(), call.remaining())) {
                throw killer.unconfirmed("another thread is still closing it", null);
            }
        }
        try {
            if (!closed) {
                end(call);
                closed = true;
            }
        } finally {
            unlock(closing);
        }
    }

    private void end(CallContext call) {
        // Engines tell the ends of a container's commands in turn, and wait with one until its output was read: the
        // killer's own end would wait behind this command's.
        stopWaitingForDemand();
        try {
            killer.killUntilEnded(call, exec);
            gone = true;
            waiter.wake();
            // a subscriber that closes its own session is called by the very thread that would end the stream
            if (Thread.currentThread() != pumpThread && !waiter.await(exit::isDone, call.remaining())) {
                throw killer.unconfirmed("its output did not end", null);
            }
        } catch (OutcomeUnknownException unconfirmed) {
            throw unconfirmed;
        } catch (OrchestratorException failure) {
            throw killer.unconfirmed("the node did not answer", failure);
        } finally {
            stream.exchange().cut(Exchange.Cut.CLOSED);
        }
    }

    private void stopWaitingForDemand() {
        pump.discard();
        if (Thread.currentThread() == pumpThread) {
            // nobody else could read on
            cutByClose = true;
            stream.exchange().cut(Exchange.Cut.CLOSED);
        }
    }
}
