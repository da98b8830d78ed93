package io.orchestrator.terminal;

import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ExecSession;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens sessions, and every few seconds looks whether the containers of the open ones are still there. */
final class LiveTerminalProxy implements TerminalProxy, LiveTerminalSession.Host {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTerminalProxy.class);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(15);
    /** A removed container's terminals end within 5 s: one second is left for the ending itself. */
    private static final Duration WATCH_PERIOD = Duration.ofSeconds(4);

    private final ContainerCheck containers;
    private final HostRuntime runtime;
    private final TerminalLimits limits;
    private final OpenSessions open;
    private final Waiter changes;
    private final Worker watcher;
    private final Countdown watch;

    LiveTerminalProxy(ContainerLauncher containers, HostRuntime runtime, TerminalLimits limits) {
        this.containers = new ContainerCheck(containers);
        this.runtime = runtime;
        this.limits = limits;
        this.open = new OpenSessions(limits);
        this.changes = runtime.waiter();
        this.watcher = new Worker(runtime, "terminal-watch", this::look);
        this.watch = new Countdown(runtime, WATCH_PERIOD, watcher::wake);
    }

    @Override
    public TerminalSession open(TerminalRequest request, TerminalClient client) {
        try {
            Container container = containers.require(request.container());
            LiveTerminalSession session = start(container, request, client);
            if (!open.add(session)) {
                session.abandon(OpenSessions.closedNow().reason());
                throw OpenSessions.closedNow();
            }
            watch.start();
            session.begin();
            return session;
        } catch (TerminalRefusedException refused) {
            throw refused;
        } catch (OrchestratorException failure) {
            throw new TerminalRefusedException(
                    failure.code(), ContainerCheck.whyRefused(request.container(), failure), failure);
        }
    }

    private LiveTerminalSession start(Container container, TerminalRequest request, TerminalClient client) {
        String owner = container.state().spec().owner();
        byte[] id = new byte[16];
        runtime.randomBytes(id);
        TerminalSession.Info info =
                new TerminalSession.Info(HexFormat.of().formatHex(id), request.container(), owner, runtime.now());
        open.reserve(owner);
        boolean started = false;
        try {
            OutputPump output = new OutputPump(client);
            ExecSession exec = container.exec().open(request.exec(), output);
            started = true;
            return new LiveTerminalSession(
                    info,
                    new LiveTerminalSession.Ends(
                            client, exec, output, request.command().isEmpty()),
                    this);
        } finally {
            if (!started) {
                open.release(owner);
                changes.wake();
            }
        }
    }

    @Override
    public List<TerminalSession> sessions() {
        return List.copyOf(open.list());
    }

    @Override
    public void close() {
        open.close();
        watch.end();
        CloseReason reason = OpenSessions.closedNow().reason();
        open.list().forEach(session -> session.close(reason));
        if (!changes.await(open::empty, CLOSE_WAIT)) {
            LOG.warn(
                    "{} terminal sessions have not ended {} s after close",
                    open.list().size(),
                    CLOSE_WAIT.toSeconds());
        }
    }

    @Override
    public HostRuntime runtime() {
        return runtime;
    }

    @Override
    public TerminalLimits limits() {
        return limits;
    }

    @Override
    public ContainerCheck containers() {
        return containers;
    }

    @Override
    public void gone(LiveTerminalSession session) {
        open.remove(session);
        changes.wake();
    }

    private boolean look() {
        Map<ContainerId, Optional<CloseReason>> seen = new HashMap<>();
        for (LiveTerminalSession session : open.list()) {
            seen.computeIfAbsent(session.info().container(), containers::whyGone)
                    .ifPresent(session::close);
        }
        if (!open.empty()) {
            watch.start();
        }
        return false;
    }
}
