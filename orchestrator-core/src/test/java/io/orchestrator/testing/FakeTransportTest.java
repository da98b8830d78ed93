package io.orchestrator.testing;

import io.orchestrator.kit.NodeTransportContract;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.VolumeStore;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;

class FakeTransportTest extends NodeTransportContract {
    private final FakeCluster cluster = FakeCluster.of(1).pullable(image -> !image.contains("no-such-image"));
    private final FakeNode node = cluster.node("n1").image("script:1");

    List<ObservedContainer> everything() {
        return node.containers();
    }

    @AfterEach
    void closeTheCluster() {
        cluster.close();
    }

    @Override
    protected NodeTransport connect(String installation, HostRuntime runtime) {
        return cluster.transport().connect(node.spec(), installation, runtime);
    }

    @Override
    protected Set<Class<?>> abilities() {
        return Set.of(ExecRunner.class, ImageStore.class, LogSource.class, VolumeStore.class);
    }

    @Override
    protected String image() {
        return "script:1";
    }

    @Override
    protected String createForeign(String name) {
        return node.runForeign(name, "script:1");
    }

    @Override
    protected void removeForeign(String engineId) {
        node.removeByHand(engineId);
    }

    @Override
    protected AutoCloseable occupy(int port) {
        node.portBusy(port, true);
        return () -> node.portBusy(port, false);
    }

    @Override
    protected Optional<String> pullableImage() {
        return Optional.of("other:2");
    }
}
