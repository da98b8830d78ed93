package io.orchestrator.transport.process;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.internal.shell.TerminalScript;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.transport.process.ContainerHome.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The commands that run in containers on behalf of this connection. */
final class ExecSessions {
    private static final Logger LOG = LoggerFactory.getLogger(ExecSessions.class);
    private static final Duration BEGIN = Duration.ofSeconds(10);
    private static final Duration SWEEP = Duration.ofSeconds(2);
    private static final Duration CLOSE = Duration.ofMillis(1_500);
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final HostRuntime runtime;
    private final ProcessTable processes;
    private final TreeKiller killer;
    private final Set<ProcessSession> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    ExecSessions(HostRuntime runtime, ProcessTable processes, TreeKiller killer) {
        this.runtime = runtime;
        this.processes = processes;
        this.killer = killer;
    }

    ExecSession open(
            CallContext call,
            ContainerHome home,
            ContainerMeta meta,
            ExecSpec spec,
            Flow.Subscriber<? super OutputChunk> subscriber) {
        spec.user().ifPresent(user -> CurrentUser.require(user, home.root()));
        Run run = home.observe(processes);
        requireRunning(run.running(), home);
        byte[] random = new byte[16];
        runtime.randomBytes(random);
        String token = HexFormat.of().formatHex(random);
        Path script = home.path().resolve("exec-" + token);
        Child child = start(home, meta, spec, run.number(), token, script);
        ProcessSession session = new ProcessSession(token, child, runtime, processes, killer, subscriber);
        open.add(session);
        boolean begun = false;
        try {
            awaitMarker(call, child);
            // a stop that has just looked for processes to kill did not see this one
            Run now = home.observe(processes);
            requireRunning(now.running() && now.number() == run.number() && !closed, home);
            session.begin(() -> {
                open.remove(session);
                delete(script);
            });
            begun = true;
            return session;
        } finally {
            if (!begun) {
                open.remove(session);
                // it is our own child, whether it carries its marker by now or not
                child.process().destroyForcibly();
                CallContext own = CallContext.startingNow(runtime::nanoTime, SWEEP);
                killer.untilNoneIsLeft(own, SWEEP, () -> processes.marked(Marker.SESSION, token::equals));
                child.release().run();
                delete(script);
            }
        }
    }

    /** A process carries its marker only once it runs its own program; before, nobody could find and end it. */
    private void awaitMarker(CallContext call, Child child) {
        boolean marked = killer.until(
                call,
                BEGIN,
                () -> processes
                                .find(child.process().pid())
                                .filter(process -> process.markers().containsKey(Marker.SESSION))
                                .isPresent()
                        || !child.isAlive());
        if (!marked) {
            throw new OrchestratorException(ErrorCode.OUTCOME_UNKNOWN, "a command did not begin before its deadline");
        }
    }

    private static void requireRunning(boolean running, ContainerHome home) {
        if (!running) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "container '" + home.engineId() + "' does not run, so no command can run in it");
        }
    }

    private Child start(ContainerHome home, ContainerMeta meta, ExecSpec spec, int run, String token, Path script) {
        SortedMap<String, Secret> environment = new TreeMap<>(meta.environment());
        spec.terminal().ifPresent(size -> environment.putIfAbsent("TERM", Secret.of("xterm")));
        environment.putAll(spec.environment());
        SortedMap<String, String> markers = new TreeMap<>(Map.of(
                "PATH",
                CommandScript.STANDARD_PATH,
                Marker.CONTAINER,
                Marker.run(home.engineId(), run),
                Marker.SESSION,
                token,
                Marker.HOLDER,
                processes.ourselves()));
        try {
            Path directory = spec.workingDirectory()
                    .map(path -> Blueprint.resolve(home, meta.mounts(), path))
                    .orElse(Path.of(meta.workingDirectory()));
            Files.createDirectories(directory);
            CommandScript lines = new CommandScript().line("rm -f \"$0\"");
            if (spec.terminal().isPresent()) {
                lines.line(TerminalScript.AWAIT_SIZE);
            }
            Disk.write(script, lines.exec(environment, spec.command()));
            return spec.terminal().isPresent()
                    ? Terminals.start(
                            script, directory, markers, spec.terminal().get(), runtime.waiter())
                    : PipeChild.start(script, directory, markers);
        } catch (IOException failure) {
            delete(script);
            throw Disk.failed("exec in '" + home.engineId() + "'", failure);
        } catch (OrchestratorException refused) {
            delete(script);
            throw refused;
        }
    }

    private static void delete(Path script) {
        try {
            Files.deleteIfExists(script);
        } catch (IOException left) {
            LOG.warn("script '{}' could not be deleted: {}", script, left.getMessage());
        }
    }

    /** Ends the sessions in our containers whose JVM is gone: nobody else can. */
    void endThoseWithoutHolder(CallContext call, Predicate<String> ours) {
        if (!withoutHolder(ours).isEmpty()) {
            killer.untilNoneIsLeft(call, SWEEP, () -> withoutHolder(ours));
        }
    }

    private List<ProcessTable.Entry> withoutHolder(Predicate<String> ours) {
        List<ProcessTable.Entry> lost = processes.marked(Marker.HOLDER, holder -> !processes.isAlive(holder));
        lost.removeIf(process -> !process.markers().containsKey(Marker.SESSION)
                || !ours.test(
                        process.markers().getOrDefault(Marker.CONTAINER, "").replaceFirst(":.*", "")));
        return lost;
    }

    /** Ends every session, all by one deadline; says so if some resist. */
    void close() {
        closed = true;
        List<ProcessSession> sessions = List.copyOf(open);
        if (sessions.isEmpty()) {
            return;
        }
        CallContext call = CallContext.startingNow(runtime::nanoTime, CLOSE);
        Set<String> tokens = sessions.stream().map(ProcessSession::token).collect(Collectors.toSet());
        BooleanSupplier over = () -> sessions.stream().allMatch(ProcessSession::isOver);
        try {
            // one look at the machine finds the processes of all of them
            if (!killer.untilNoneIsLeft(call, CLOSE, () -> processes.marked(Marker.SESSION, tokens::contains))) {
                LOG.warn("processes of sessions were told to end but are not gone yet");
            }
            killer.until(call, SETTLE, over);
            sessions.forEach(ProcessSession::giveUp);
            killer.until(call, SETTLE, over);
        } catch (OrchestratorException interrupted) {
            sessions.forEach(ProcessSession::giveUp);
            LOG.warn("sessions may not have ended: {}", interrupted.getMessage());
        }
    }
}
