package io.orchestrator.transport.process;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.VolumeStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This machine as a node. */
final class ProcessNode implements NodeTransport, VolumeStore, LogSource, ExecRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessNode.class);
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final Containers containers;
    private final VolumeFolders volumes;
    private final Layout layout;
    private final Supervisor supervisor;
    private final LogStreams logs;
    private final ExecSessions sessions;
    private final NodeProbe probe;
    private final HostRuntime runtime;
    private final AtomicBoolean swept = new AtomicBoolean();

    ProcessNode(Layout layout, Catalogue catalogue, HostRuntime runtime) {
        ProcessTable processes = new ProcessTable();
        TreeKiller killer = new TreeKiller(runtime, processes);
        this.layout = layout;
        this.runtime = runtime;
        this.containers = new Containers(layout, catalogue, runtime, processes);
        this.volumes = new VolumeFolders(layout.volumes(), containers::newId);
        this.supervisor = new Supervisor(processes, killer);
        this.logs = new LogStreams(runtime, processes);
        this.sessions = new ExecSessions(runtime, processes, killer);
        this.probe = new NodeProbe(layout, runtime, processes);
    }

    @Override
    public CompletableFuture<NodeReport> probe(CallContext call) {
        if (swept.compareAndSet(false, true)) {
            runtime.execute("sweep", this::sweep);
        }
        return probe.report(call);
    }

    /** Listing ends the sessions and deletes the half-made containers of hosts that died; nothing else would by itself. */
    private void sweep() {
        try {
            list(CallContext.startingNow(runtime::nanoTime, SWEEP), found -> {});
        } catch (OrchestratorException failure) {
            LOG.warn("what hosts left that died is not swept up: {}", failure.getMessage());
        }
    }

    @Override
    public void list(CallContext call, Consumer<ObservedContainer> sink) {
        call.check("list");
        sessions.endThoseWithoutHolder(
                call, engineId -> containers.ours(engineId).isPresent());
        containers.list(call, sink);
    }

    @Override
    public String create(CallContext call, CreateRequest request) {
        call.check("create of '" + request.name() + "'");
        return containers.create(request);
    }

    @Override
    public void start(CallContext call, String engineId) {
        call.check("start of '" + engineId + "'");
        ContainerHome home = existing(engineId);
        ContainerMeta meta = containers.meta(home);
        for (String volume : meta.volumes()) {
            // as an engine does for one that was removed meanwhile
            attempt(
                    "creating volume '" + volume + "'",
                    () -> volumes.create(volume, ContainerLabels.ours(meta.labels())));
        }
        supervisor.start(call, home, meta, () -> containers.checkPorts(engineId, meta));
    }

    @Override
    public void stop(CallContext call, String engineId, Duration grace) {
        call.check("stop of '" + engineId + "'");
        ContainerHome home = existing(engineId);
        supervisor.stop(call, home, containers.meta(home), grace);
    }

    @Override
    public void remove(CallContext call, String engineId) {
        call.check("remove of '" + engineId + "'");
        Layout.safe("engine id", engineId);
        containers.ours(engineId).ifPresent(home -> {
            supervisor.end(call, home);
            containers.delete(home);
        });
    }

    @Override
    public Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName) {
        call.check("inspect of '" + engineIdOrName + "'");
        return containers.inspect(Layout.safe("engine id or name", engineIdOrName));
    }

    @Override
    public void createVolume(CallContext call, String name, SortedMap<String, String> labels) {
        call.check("creating volume '" + name + "'");
        Layout.safe("volume", name);
        attempt("creating volume '" + name + "'", () -> volumes.create(name, labels));
    }

    @Override
    public Optional<SortedMap<String, String>> volumeLabels(CallContext call, String name) {
        call.check("reading volume '" + name + "'");
        try {
            return volumes.labels(Layout.safe("volume", name));
        } catch (IOException failure) {
            throw Disk.failed("reading volume '" + name + "'", failure);
        }
    }

    @Override
    public void removeVolume(CallContext call, String name) {
        call.check("removing volume '" + name + "'");
        Layout.safe("volume", name);
        containers.userOfVolume(name).ifPresent(user -> {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT, "volume '" + name + "' is used by container '" + user + "'");
        });
        attempt("removing volume '" + name + "'", () -> volumes.remove(name));
    }

    @Override
    public void listVolumes(CallContext call, Consumer<String> sink) {
        call.check("listing volumes");
        attempt("listing volumes", () -> volumes.list(layout.installation(), sink));
    }

    @Override
    public void logs(
            CallContext call, String engineId, LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber) {
        logs.open(call, containers.ours(engineId), engineId, query, subscriber);
    }

    @Override
    public ExecSession exec(
            CallContext call, String engineId, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
        call.check("exec in '" + engineId + "'");
        ContainerHome home = existing(engineId);
        return sessions.open(call, home, containers.meta(home), spec, subscriber);
    }

    @Override
    public void close() {
        logs.close();
        sessions.close();
    }

    private ContainerHome existing(String engineId) {
        Layout.safe("engine id", engineId);
        return containers.ours(engineId).orElseThrow(() -> OrchestratorException.notFound("container", engineId));
    }

    private static void attempt(String what, Attempt action) {
        try {
            action.run();
        } catch (IOException failure) {
            throw Disk.failed(what, failure);
        }
    }

    /** Something that files can spoil. */
    private interface Attempt {
        void run() throws IOException;
    }
}
