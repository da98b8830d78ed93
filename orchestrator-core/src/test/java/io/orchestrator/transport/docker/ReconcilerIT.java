package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.Stray;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.kit.DockerEngine;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a person does at a real engine, and what the control plane makes of it by itself. */
class ReconcilerIT {
    /** Two rounds, and time for a busy engine. */
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final NodeId NODE = NodeId.of("local");

    private final DockerEngine engine = DockerEngine.require();
    private final HostRuntime runtime = new ThreadRuntime();
    private final String installation = installation(runtime);
    private final NodeSpec spec = NodeSpec.of(NODE.value(), engine.uri());
    private final NodeTransport hand = DockerTransport.create().connect(spec, installation, runtime);
    private final Orchestrator orchestrator = Orchestrator.builder(installation)
            .transport(DockerTransport.create())
            .build();

    ReconcilerIT() {
        orchestrator.nodes().register(spec);
    }

    private static String installation(HostRuntime runtime) {
        byte[] random = new byte[6];
        runtime.randomBytes(random);
        return "it-" + HexFormat.of().formatHex(random);
    }

    @AfterEach
    void removeAll() {
        orchestrator.close();
        engineIds().forEach(id -> hand.remove(call(), id));
        hand.close();
        runtime.close();
    }

    @Test
    void handOnTheEngine_isSeenAndNothingUnexplainedIsRemoved() {
        Container removed = launch();
        Container started = launch();
        started.stop();
        Container deleted = launch();
        deleted.remove();

        hand.remove(call(), engineId(removed));
        hand.start(call(), engineId(started));
        String late = create(deleted.id().value());
        String nobodys = create("01kdvdna0mcxz6jy32evrqjg9k");

        await(() -> removed.state().status() == ContainerStatus.FAILED);
        assertThat(removed.state().reason()).contains("no longer on node");
        await(() -> !engineIds().contains(late));
        await(() -> hand.inspect(call(), engineId(started))
                .filter(seen -> !seen.running())
                .isPresent());
        await(() -> started.state().status() == ContainerStatus.STOPPED);
        assertThat(started.state().desired()).isEqualTo(Desired.STOPPED);
        assertThat(orchestrator.reconciler().reconcile(NODE).strays())
                .extracting(Stray::engineId)
                .containsExactly(nobodys);
        assertThat(engineIds()).containsExactlyInAnyOrder(engineId(started), nobodys);
    }

    private Container launch() {
        return orchestrator
                .containers()
                .launch(ContainerSpec.builder(DockerEngine.BUSYBOX)
                        .command("sleep", "1000")
                        .stopGrace(Duration.ofSeconds(1))
                        .memoryMib(32)
                        .build());
    }

    private String create(String id) {
        TreeMap<String, String> labels = new TreeMap<>();
        labels.put(ContainerLabels.INSTALLATION, installation);
        labels.put(ContainerLabels.ID, id);
        ContainerSpec sleep = ContainerSpec.builder(DockerEngine.BUSYBOX)
                .command("sleep", "1000")
                .memoryMib(32)
                .build();
        return hand.create(
                call(), new CreateRequest("orc-" + installation + "-" + id, labels, sleep, List.of(), new TreeMap<>()));
    }

    private List<String> engineIds() {
        List<String> ids = new ArrayList<>();
        hand.list(call(), container -> ids.add(container.engineId()));
        return ids;
    }

    private static String engineId(Container container) {
        return container.state().engineId().orElseThrow();
    }

    private CallContext call() {
        return CallContext.startingNow(runtime::nanoTime, Duration.ofSeconds(20));
    }

    private void await(BooleanSupplier condition) {
        long deadline = runtime.nanoTime() + SOON.toNanos();
        boolean met = false;
        while (!met && runtime.nanoTime() < deadline) {
            met = runtime.waiter().await(condition, Duration.ofMillis(50));
        }
        assertThat(met).isTrue();
    }
}
