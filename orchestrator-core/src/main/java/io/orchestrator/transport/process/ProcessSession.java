package io.orchestrator.transport.process;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.HostRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * One command in a container: a thread per output stream reads into a bounded buffer, one delivers from it, one writes the
 * input.
 */
final class ProcessSession implements ExecSession {
    private static final Duration KILL = Duration.ofSeconds(8);
    private static final Duration SETTLE = Duration.ofSeconds(1);
    // a child that the command left behind may hold its output open for ever
    private static final Duration LATE_OUTPUT = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration SHORT_TICK = Duration.ofMillis(5);

    private final String token;
    private final Child child;
    private final HostRuntime runtime;
    private final ProcessTable processes;
    private final TreeKiller killer;
    private final Delivery delivery;
    private final OutputBuffer output;
    private final InputPump input;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    ProcessSession(
            String token,
            Child child,
            HostRuntime runtime,
            ProcessTable processes,
            TreeKiller killer,
            Flow.Subscriber<? super OutputChunk> subscriber) {
        this.token = token;
        this.child = child;
        this.runtime = runtime;
        this.processes = processes;
        this.killer = killer;
        this.delivery = new Delivery(runtime, subscriber);
        this.output = new OutputBuffer(runtime, child.errors().isPresent() ? 2 : 1, delivery::wake);
        this.input = new InputPump(child.input(), runtime);
    }

    /** Starts the threads; runs the action when the command has ended. */
    void begin(Runnable whenOver) {
        runtime.execute("exec-read", () -> output.readAll(child.output(), StreamKind.STDOUT));
        child.errors()
                .ifPresent(errors -> runtime.execute("exec-read", () -> output.readAll(errors, StreamKind.STDERR)));
        runtime.execute("exec-write", input::run);
        runtime.execute("exec-output", () -> {
            try {
                deliver();
            } finally {
                finish();
                whenOver.run();
            }
        });
    }

    private void deliver() {
        delivery.begin();
        boolean exited = false;
        long exitSeen = 0;
        while (true) {
            if (!exited && child.exitCode().isPresent()) {
                exited = true;
                exitSeen = runtime.nanoTime();
                input.end();
            }
            boolean over = delivery.over();
            if (over) {
                // the subscriber wants no more, but the command goes on
                output.discard();
                if (!delivery.cancelled()) {
                    return;
                }
            }
            boolean complete = output.isComplete();
            OutputChunk chunk = delivery.wanted() ? output.poll() : null;
            if (chunk != null) {
                delivery.deliver(chunk.stream(), chunk.bytes());
            } else if (exited && output.isEmpty() && (complete || lateSince(exitSeen))) {
                return;
            } else {
                // nobody tells the end of a process, but its output mostly ends with it
                delivery.await(
                        () -> delivery.over() != over
                                || output.isComplete() != complete
                                || (delivery.wanted() && !output.isEmpty()),
                        complete && !exited ? SHORT_TICK : TICK);
            }
        }
    }

    private boolean lateSince(long exitSeen) {
        return runtime.nanoTime() - exitSeen > LATE_OUTPUT.toNanos();
    }

    private void finish() {
        output.discard();
        input.end();
        delivery.end();
        OptionalInt code = child.exitCode();
        if (delivery.aborted() || code.isEmpty()) {
            exit.completeExceptionally(new OrchestratorException(
                    ErrorCode.CLOSED, "the session was closed before all of its output was delivered"));
        } else {
            exit.complete(code.getAsInt());
        }
        // last, as it waits for a write that a process left behind does not take
        child.release().run();
    }

    @Override
    public void write(ByteBuffer bytes, Duration timeout) {
        if (exit.isDone()) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the command has ended");
        }
        input.write(bytes, timeout);
    }

    @Override
    public void closeInput() {
        // a terminal has no end of input but the one that is typed
        if (child.errors().isPresent()) {
            input.closeInput();
        }
    }

    @Override
    public void resize(TerminalSize size) {
        if (!exit.isDone()) {
            child.resize().accept(size);
        }
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit.copy();
    }

    @Override
    public void close() {
        CallContext call =
                CallContext.startingNow(runtime::nanoTime, KILL.plus(SETTLE).plus(SETTLE));
        boolean dead = killer.untilNoneIsLeft(call, KILL, () -> processes.marked(Marker.SESSION, token::equals))
                && killer.until(call, SETTLE, () -> !child.isAlive());
        input.end();
        if (!killer.until(call, SETTLE, exit::isDone)) {
            giveUp();
            killer.until(call, SETTLE, exit::isDone);
        }
        if (!dead) {
            throw new OutcomeUnknownException("processes of a session were told to end but are not gone yet", null);
        }
    }

    /** What the markers of its processes say. */
    String token() {
        return token;
    }

    boolean isOver() {
        return exit.isDone();
    }

    /** Gives up the output that nobody asks for, if it is not over. */
    void giveUp() {
        input.end();
        if (!isOver()) {
            delivery.abort(ErrorCode.CLOSED, "the session was closed");
        }
    }
}
