package io.orchestrator.crash;

import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.VolumeStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One control plane's access to nodes that outlive it. */
record MortalTransport(Transport transport, CrashPoint crash) implements Transport {
    @Override
    public Set<String> schemes() {
        return transport.schemes();
    }

    @Override
    public NodeTransport connect(NodeSpec node, String installation, HostRuntime runtime) {
        return new Node(transport.connect(node, installation, runtime), crash);
    }

    private record Node(NodeTransport node, CrashPoint crash) implements NodeTransport, ImageStore, VolumeStore {
        @Override
        public CompletableFuture<NodeReport> probe(CallContext call) {
            return node.probe(call);
        }

        @Override
        public void list(CallContext call, Consumer<ObservedContainer> sink) {
            node.list(call, sink);
        }

        @Override
        public String create(CallContext call, CreateRequest request) {
            return crash.effect("create", () -> node.create(call, request));
        }

        @Override
        public void start(CallContext call, String engineId) {
            effect("start", () -> node.start(call, engineId));
        }

        @Override
        public void stop(CallContext call, String engineId, Duration grace) {
            effect("stop", () -> node.stop(call, engineId, grace));
        }

        @Override
        public void remove(CallContext call, String engineId) {
            effect("remove", () -> node.remove(call, engineId));
        }

        @Override
        public Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName) {
            return crash.read(() -> node.inspect(call, engineIdOrName));
        }

        @Override
        public Optional<String> imageId(CallContext call, String image) {
            return crash.read(() -> images().imageId(call, image));
        }

        @Override
        public void pull(CallContext call, String image, Consumer<String> progress) {
            effect("pull", () -> images().pull(call, image, progress));
        }

        @Override
        public void createVolume(CallContext call, String name, SortedMap<String, String> labels) {
            effect("create-volume", () -> volumes().createVolume(call, name, labels));
        }

        @Override
        public Optional<SortedMap<String, String>> volumeLabels(CallContext call, String name) {
            return crash.read(() -> volumes().volumeLabels(call, name));
        }

        @Override
        public void removeVolume(CallContext call, String name) {
            effect("remove-volume", () -> volumes().removeVolume(call, name));
        }

        @Override
        public void listVolumes(CallContext call, Consumer<String> sink) {
            volumes().listVolumes(call, sink);
        }

        @Override
        public void close() {
            node.close();
        }

        private ImageStore images() {
            return node.as(ImageStore.class).orElseThrow();
        }

        private VolumeStore volumes() {
            return node.as(VolumeStore.class).orElseThrow();
        }

        private void effect(String name, Runnable effect) {
            crash.effect(name, () -> {
                effect.run();
                return name;
            });
        }
    }
}
