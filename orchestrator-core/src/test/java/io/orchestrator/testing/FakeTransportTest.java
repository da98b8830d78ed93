package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.kit.NodeTransportContract;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.VolumeStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

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

    @Test
    void probe_thatHitsAnError_ends() {
        AtomicInteger looks = new AtomicInteger();
        HostRuntime runtime = new ThreadRuntime();
        NodeTransport transport = connect("test", runtime);
        CallContext call = CallContext.startingNow(
                () -> {
                    if (looks.getAndIncrement() > 0) {
                        throw new StackOverflowError("planted");
                    }
                    return 0;
                },
                Duration.ofSeconds(2));

        assertThat(transport.probe(call))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StackOverflowError.class);

        transport.close();
        runtime.close();
    }
}
