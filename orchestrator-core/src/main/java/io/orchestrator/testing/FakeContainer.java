package io.orchestrator.testing;

import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.StreamKind;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import io.orchestrator.spi.Waiter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container of a fake engine: its state, files, output and processes. Thread-safe. */
final class FakeContainer {
    private final FakeEngine engine;
    private final String id;
    private final CreateRequest request;
    private final Waiter waiter;
    private final FakeLog log = new FakeLog();
    private final FakeFiles files = new FakeFiles();
    private final List<ProcessGroup> groups = new ArrayList<>();
    private Phase phase = Phase.CREATED;
    private OptionalInt exitCode = OptionalInt.empty();
    private @Nullable Life first;
    private boolean removed;

    FakeContainer(FakeEngine engine, String id, CreateRequest request) {
        this.engine = engine;
        this.id = id;
        this.request = request;
        this.waiter = engine.runtime().waiter();
    }

    String id() {
        return id;
    }

    CreateRequest request() {
        return request;
    }

    Waiter waiter() {
        return waiter;
    }

    FakeEngine engine() {
        return engine;
    }

    boolean ownedBy(String installation) {
        return installation.equals(request.labels().get(ContainerLabels.INSTALLATION));
    }

    synchronized boolean running() {
        return phase == Phase.RUNNING;
    }

    synchronized ObservedContainer observe() {
        return new ObservedContainer(
                id,
                request.name(),
                phase,
                exitCode,
                "",
                request.labels(),
                phase == Phase.RUNNING ? request.ports() : List.of());
    }

    void start() {
        Life life = new Life(waiter);
        ProcessGroup group = new ProcessGroup(engine.runtime());
        FakeProgram program;
        ProcessSetup setup;
        synchronized (this) {
            if (removed) {
                throw OrchestratorException.notFound("container", id);
            }
            if (phase == Phase.RUNNING) {
                return;
            }
            Launch launch = engine.commands().launch(request.spec());
            engine.claimPorts(this);
            program = launch.program();
            setup = mainSetup(launch.arguments());
            phase = Phase.RUNNING;
            exitCode = OptionalInt.empty();
            first = life;
            groups.add(group);
        }
        life.onEnd(code -> ended(life, code));
        FakeProcess process = new FakeProcess(this, group, life, setup);
        if (program == FakeProgram.idle()) {
            group.beginIdle(process);
        } else {
            group.begin(program, process);
        }
    }

    /** The first process if the container runs; {@link ErrorCode#NOT_FOUND} if it was removed. */
    synchronized Optional<Life> firstProcess() {
        if (removed) {
            throw OrchestratorException.notFound("container", id);
        }
        return phase == Phase.RUNNING ? Optional.ofNullable(first) : Optional.empty();
    }

    synchronized boolean runs(Life life) {
        return first == life;
    }

    /** Kills every process; it cannot be started again after a removal. */
    void kill(boolean forEver) {
        Life life;
        synchronized (this) {
            removed |= forEver;
            life = phase == Phase.RUNNING ? first : null;
        }
        if (life != null) {
            life.kill();
        }
        waiter.wake();
    }

    ChunkSource logs(LogQuery query) {
        return log.reader(query.tail(), query.follow(), this::mayWrite);
    }

    /** Admits a session's processes, which die with the container. */
    synchronized ProcessGroup openGroup() {
        if (phase != Phase.RUNNING) {
            throw new OrchestratorException(ErrorCode.CONFLICT, "container '" + id + "' does not run but is " + phase);
        }
        ProcessGroup group = new ProcessGroup(engine.runtime());
        groups.add(group);
        return group;
    }

    synchronized void closeGroup(ProcessGroup group) {
        groups.remove(group);
    }

    ProcessSetup execSetup(ExecSpec spec, Source stdin, Sink stdout, Sink stderr, Optional<FakeTerminal> terminal) {
        SortedMap<String, String> environment = revealed(request.spec().environment());
        environment.putAll(revealed(spec.environment()));
        return new ProcessSetup(
                spec.command(),
                environment,
                spec.user().orElse(user()),
                spec.workingDirectory().orElse(directory()),
                stdin,
                stdout,
                stderr,
                terminal);
    }

    /** Where a path leads, through the volumes mounted. */
    FakePath path(String path) {
        for (VolumeMount mount : request.spec().volumes()) {
            if (path.startsWith(mount.path() + "/")) {
                String volume = request.volumes().getOrDefault(mount.volume(), mount.volume());
                return new FakePath(
                        engine.volumeFiles(volume), path.substring(mount.path().length()), mount.readOnly());
            }
        }
        return new FakePath(files, path, false);
    }

    private ProcessSetup mainSetup(List<String> arguments) {
        return new ProcessSetup(
                arguments,
                revealed(request.spec().environment()),
                user(),
                directory(),
                Source.NOTHING,
                logSink(StreamKind.STDOUT),
                logSink(StreamKind.STDERR),
                Optional.empty());
    }

    private Sink logSink(StreamKind stream) {
        return (writer, bytes, offset, length) -> {
            writer.check();
            log.append(stream, bytes, offset, length);
            waiter.wake();
        };
    }

    private void ended(Life life, int code) {
        List<ProcessGroup> toKill;
        synchronized (this) {
            if (first != life) {
                return;
            }
            phase = Phase.EXITED;
            exitCode = OptionalInt.of(code);
            first = null;
            toKill = List.copyOf(groups);
            groups.clear();
        }
        engine.releasePorts(this);
        toKill.forEach(ProcessGroup::kill);
        waiter.wake();
    }

    private synchronized boolean mayWrite() {
        return phase != Phase.EXITED && !removed;
    }

    private String user() {
        return request.spec().user().orElse("root");
    }

    private String directory() {
        return request.spec().workingDirectory().orElse("/");
    }

    private static SortedMap<String, String> revealed(SortedMap<String, Secret> environment) {
        SortedMap<String, String> revealed = new TreeMap<>();
        environment.forEach((variable, value) -> revealed.put(variable, value.reveal()));
        return revealed;
    }
}
