package io.orchestrator.transport.docker;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.ImageBuilder;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.VolumeStore;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** One Docker engine. Thread-safe: every call has a connection of its own for as long as it lasts. */
final class DockerNode implements NodeTransport, ImageStore, ImageBuilder, VolumeStore, LogSource, ExecRunner {
    private final EngineClient client;
    private final Containers containers;
    private final Images images;
    private final Volumes volumes;
    private final Logs logs;
    private final Execs execs;

    DockerNode(EngineClient client, String installation) {
        this.client = client;
        this.containers = new Containers(client, installation);
        this.images = new Images(client);
        this.volumes = new Volumes(client, installation);
        this.logs = new Logs(client);
        this.execs = new Execs(client, containers);
    }

    @Override
    public CompletableFuture<NodeReport> probe(CallContext call) {
        CompletableFuture<NodeReport> report = new CompletableFuture<>();
        client.runtime().execute("probe", () -> {
            try {
                report.complete(Probe.run(client, call));
            } catch (Throwable failure) {
                // an error too: whoever asked waits for the end
                report.completeExceptionally(failure);
            }
        });
        return report;
    }

    /** Asks for a sign of life, the shortest call there is. */
    void ping(CallContext call) {
        client.ping(call);
    }

    @Override
    public void list(CallContext call, Consumer<ObservedContainer> sink) {
        containers.list(call, sink);
    }

    @Override
    public String create(CallContext call, CreateRequest request) {
        return containers.create(call, request);
    }

    @Override
    public void start(CallContext call, String engineId) {
        containers.start(call, engineId);
    }

    @Override
    public void stop(CallContext call, String engineId, Duration grace) {
        containers.stop(call, engineId, grace);
    }

    @Override
    public void remove(CallContext call, String engineId) {
        containers.remove(call, engineId);
    }

    @Override
    public Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName) {
        return containers.inspect(call, engineIdOrName);
    }

    @Override
    public Optional<String> imageId(CallContext call, String image) {
        return images.imageId(call, image);
    }

    @Override
    public void pull(CallContext call, String image, Consumer<String> progress) {
        images.pull(call, image, progress);
    }

    @Override
    public void build(CallContext call, String tag, InputStream tarContext, Consumer<String> progress) {
        images.build(call, tag, tarContext, progress);
    }

    @Override
    public void createVolume(CallContext call, String name, SortedMap<String, String> labels) {
        volumes.create(call, name, labels);
    }

    @Override
    public Optional<SortedMap<String, String>> volumeLabels(CallContext call, String name) {
        return volumes.labels(call, name);
    }

    @Override
    public void removeVolume(CallContext call, String name) {
        volumes.remove(call, name);
    }

    @Override
    public void listVolumes(CallContext call, Consumer<String> sink) {
        volumes.list(call, sink);
    }

    @Override
    public void logs(
            CallContext call, String engineId, LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber) {
        logs.open(call, engineId, query, subscriber);
    }

    @Override
    public ExecSession exec(
            CallContext call, String engineId, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
        return execs.open(call, engineId, spec, subscriber);
    }

    @Override
    public void close() {
        client.close();
    }
}
