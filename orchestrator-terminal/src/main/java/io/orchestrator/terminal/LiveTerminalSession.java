package io.orchestrator.terminal;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.terminal.CloseReason.Code;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session from its exec's start to the death of its last process: two pumps, four countdowns and one way to end. */
final class LiveTerminalSession implements TerminalSession, OutputPump.Listener, InputPump.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTerminalSession.class);
    /** How long the signs of a shell's end (output ended, input refused, exit code) may lie apart. */
    private static final Duration END_GAP = Duration.ofSeconds(1);

    private final Info info;
    private final Ends ends;
    private final Host host;
    private final InputPump input;
    private final Worker resizing;
    private final Countdown idle;
    private final Countdown lifetime;
    private final Countdown stuck;
    private final Countdown endGap;
    private final AtomicReference<@Nullable TerminalSize> wantedSize = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<Void> told = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> killed = new CompletableFuture<>();
    private final CompletableFuture<CloseReason> closed = killed.thenCombine(told, (reason, nothing) -> over(reason));
    private volatile boolean typed;
    private volatile boolean shown;

    /** What a session connects; {@code probe} tells that the command is the library's own search for a shell. */
    record Ends(TerminalClient client, ExecSession exec, OutputPump output, boolean probe) {}

    /** Whose session it is. */
    interface Host {
        HostRuntime runtime();

        TerminalLimits limits();

        ContainerCheck containers();

        /** The session is over: nothing of it runs here any more. */
        void gone(LiveTerminalSession session);
    }

    LiveTerminalSession(Info info, Ends ends, Host host) {
        this.info = info;
        this.ends = ends;
        this.host = host;
        TerminalLimits limits = host.limits();
        input = new InputPump(host.runtime(), ends.client(), this);
        resizing = new Worker(host.runtime(), "terminal-resize", this::resizeOnce);
        idle = limit(limits.idle(), Code.IDLE, "nothing was typed or shown for " + limits.idle());
        lifetime = limit(limits.lifetime(), Code.LIFETIME, "the session lasted " + limits.lifetime());
        stuck = limit(limits.stuck(), Code.CLIENT_STUCK, "the client took no output for " + limits.stuck());
        endGap = new Countdown(host.runtime(), END_GAP, () -> end(shellEnded(OptionalInt.empty())));
    }

    /** Gives the session to its client and lets bytes flow. */
    void begin() {
        LOG.info("terminal session '{}' into container '{}' opened", info.id(), info.container());
        lifetime.start();
        idle.start();
        try {
            ends.client().opened(this);
        } catch (RuntimeException thrown) {
            clientFailed(thrown);
        }
        ends.output().begin(this, stuck);
        input.begin();
    }

    /** Ends a session that was never begun: its client knows nothing of it. */
    void abandon(CloseReason reason) {
        told.complete(null);
        end(reason);
    }

    @Override
    public Info info() {
        return info;
    }

    @Override
    public void requestOutput(long chunks) {
        ends.output().request(chunks);
    }

    @Override
    public void input(ByteBuffer bytes) {
        input.accept(bytes);
    }

    @Override
    public void resize(TerminalSize size) {
        wantedSize.set(size);
        if (!ended.get()) {
            resizing.wake();
        }
    }

    @Override
    public void close(CloseReason reason) {
        end(CloseReason.of(reason.code(), reason.text()));
    }

    @Override
    public void close() {
        end(CloseReason.of(Code.CLIENT_CLOSED, "the client went away"));
    }

    @Override
    public CompletableFuture<CloseReason> closed() {
        return closed.copy();
    }

    @Override
    public void delivered() {
        shown = true;
        idle.restart();
    }

    @Override
    public void outputEnded(@Nullable Throwable failure) {
        if (failure != null) {
            run("terminal-end", () -> end(host.containers().whyBroken(info.container())));
            return;
        }
        endGap.start();
        var unused = ends.exec().exit().whenComplete((code, unknown) -> run("terminal-end", () -> exited(code)));
    }

    @Override
    public void clientFailed(RuntimeException thrown) {
        LOG.warn("the client of terminal session '{}' threw", info.id(), thrown);
        end(CloseReason.of(Code.CLIENT_CLOSED, "the client failed"));
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (bytes.hasRemaining()) {
            typed = true;
            // a program may leave its input alone for as long as it likes; ending the session ends the write
            ends.exec().write(bytes, host.limits().lifetime());
            idle.restart();
        }
    }

    @Override
    public void writeFailed(OrchestratorException failure) {
        if (failure.code() == ErrorCode.CLOSED) {
            endGap.start();
        } else {
            end(host.containers().whyBroken(info.container()));
        }
    }

    @Override
    public void refuse(CloseReason reason) {
        end(reason);
    }

    private void exited(@Nullable Integer code) {
        end(
                code == null
                        ? host.containers().whyBroken(info.container())
                        : host.containers()
                                .whyGone(info.container())
                                .orElseGet(() -> shellEnded(OptionalInt.of(code))));
    }

    private CloseReason shellEnded(OptionalInt code) {
        boolean notFound = code.isPresent() && (code.getAsInt() == 126 || code.getAsInt() == 127);
        // engines print their own error there; a shell that a person used may well end with 127 itself
        if (ends.probe() && notFound && !(typed && shown)) {
            return new CloseReason(
                    Code.NO_SHELL, "the image has no shell: neither bash nor sh can be run", code, false);
        }
        String how = code.isPresent() ? "ended with code " + code.getAsInt() : "ended";
        return new CloseReason(Code.SHELL_ENDED, (ends.probe() ? "the shell " : "the command ") + how, code, false);
    }

    /** Begins the end, once: the client is told and the processes are ended side by side, so that neither waits for the other. */
    private void end(CloseReason reason) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        idle.end();
        lifetime.end();
        stuck.end();
        endGap.end();
        input.close();
        run("terminal-end", () -> ends.output().close(reason, () -> told.complete(null)));
        run("terminal-kill", () -> killed.complete(kill(reason)));
    }

    private CloseReason over(CloseReason reason) {
        LOG.info(
                "terminal session '{}' into container '{}' closed: {}, processes {}",
                info.id(),
                info.container(),
                reason.code(),
                reason.processesEnded() ? "ended" : "not confirmed to have ended");
        host.gone(this);
        return reason;
    }

    private CloseReason kill(CloseReason reason) {
        try {
            ends.exec().close();
            return reason.confirmed();
        } catch (RuntimeException failure) {
            LOG.warn("the end of terminal session '{}' could not be confirmed", info.id(), failure);
            return reason.unconfirmed();
        }
    }

    private boolean resizeOnce() {
        TerminalSize size = wantedSize.getAndSet(null);
        if (size == null || ended.get()) {
            return false;
        }
        try {
            ends.exec().resize(size);
        } catch (RuntimeException failure) {
            // a wrong size is no reason to end a session; if the node is lost, its output says so
            LOG.debug("terminal session '{}' could not be resized", info.id(), failure);
        }
        return true;
    }

    private Countdown limit(Duration time, Code code, String text) {
        return new Countdown(host.runtime(), time, () -> end(CloseReason.of(code, text)));
    }

    private void run(String role, Runnable task) {
        try {
            host.runtime().execute(role, task);
        } catch (OrchestratorException runtimeClosed) {
            // closed in the wrong order; the session must end all the same
            task.run();
        }
    }
}
