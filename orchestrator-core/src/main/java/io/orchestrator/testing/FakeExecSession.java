package io.orchestrator.testing;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.HostRuntime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/** A command in a fake container: a process group with three pipes, or a terminal in front of two of them. */
final class FakeExecSession implements ExecSession {
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

    private final FakeContainer container;
    private final ProcessGroup group;
    private final Life first;
    private final Pipe stdin;
    private final Pipe stdout;
    private final Pipe stderr;
    private final Optional<FakeTerminal> terminal;
    private final OutputFeed feed;
    private final Runnable afterOutput;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private boolean closed;
    private boolean fed;

    FakeExecSession(
            FakeContainer container,
            ExecSpec spec,
            Flow.Subscriber<? super OutputChunk> subscriber,
            Runnable afterOutput) {
        this.container = container;
        this.afterOutput = afterOutput;
        this.group = container.openGroup();
        this.first = new Life(container.waiter());
        this.stdin = new Pipe(container.waiter());
        this.stdout = new Pipe(container.waiter());
        this.stderr = new Pipe(container.waiter());
        this.terminal = spec.terminal()
                .map(size -> new FakeTerminal(stdin, stdout, () -> first.signal(Signals.number("INT")), size));
        this.feed = new OutputFeed(container.waiter(), new PipeSource(stdout, stderr), subscriber, this::outputEnded);
    }

    /** Starts the command, and the delivery of its output on the given runtime. */
    void begin(ExecSpec spec, HostRuntime runtime) {
        Sink out = terminal.isPresent() ? terminal.get() : stdout;
        Sink err = terminal.isPresent() ? terminal.get() : stderr;
        if (terminal.isPresent()) {
            stderr.end();
        }
        ProcessSetup setup = container.execSetup(spec, stdin, out, err, terminal);
        FakeProgram program = container
                .engine()
                .commands()
                .find(spec.command().get(0))
                .orElse(process -> BuiltIns.complain(process, spec.command().get(0) + ": not found", 127));
        first.onEnd(code -> {
            stdin.discard();
            tellExit();
        });
        feed.begin(runtime);
        group.begin(program, new FakeProcess(container, group, first, setup));
    }

    /** Ends the delivery, because the connection it goes over is closed. The command goes on. */
    void disconnect() {
        feed.fail(new OrchestratorException(ErrorCode.CLOSED, "the connection to the fake node was closed"));
    }

    @Override
    public void write(ByteBuffer bytes, Duration timeout) {
        HostRuntime clock = container.engine().runtime();
        long deadline = clock.nanoTime() + timeout.toNanos();
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        int done = 0;
        while (done < all.length) {
            if (over()) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the command or its session has ended");
            }
            int taken = type(all, done);
            done += taken;
            if (taken == 0) {
                Duration left = Duration.ofNanos(deadline - clock.nanoTime());
                if (!container.waiter().await(() -> hasRoom() || over(), left)) {
                    throw new OrchestratorException(
                            ErrorCode.DEADLINE_EXCEEDED, "the command took " + done + " of " + all.length + " bytes");
                }
            }
        }
    }

    private boolean hasRoom() {
        return terminal.map(FakeTerminal::hasRoom).orElseGet(() -> stdin.hasRoom(1));
    }

    private int type(byte[] all, int done) {
        if (terminal.isPresent()) {
            return terminal.get().type(all[done]) ? 1 : 0;
        }
        return stdin.put(all, done, all.length - done);
    }

    @Override
    public void closeInput() {
        if (terminal.isEmpty()) {
            stdin.end();
        }
    }

    @Override
    public void resize(TerminalSize size) {
        terminal.ifPresent(screen -> screen.resize(size));
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit.copy();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        group.kill();
        container.closeGroup(group);
        feed.failWithoutDemand(new OrchestratorException(ErrorCode.CLOSED, "the session was closed"));
        if (!container.waiter().await(exit::isDone, CLOSE_WAIT)) {
            throw new OutcomeUnknownException("the output of the command is still being taken by its subscriber", null);
        }
    }

    private synchronized boolean over() {
        return closed || first.ended();
    }

    private void outputEnded() {
        // whoever still writes must not wait for a reader that went away
        stdout.discard();
        stderr.discard();
        synchronized (this) {
            fed = true;
        }
        tellExit();
        container.waiter().wake();
        afterOutput.run();
    }

    private void tellExit() {
        boolean told;
        synchronized (this) {
            told = fed && first.ended();
        }
        if (told) {
            exit.complete(first.exitCode().orElseThrow());
        }
    }
}
