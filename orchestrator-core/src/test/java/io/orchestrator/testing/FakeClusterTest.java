package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FakeClusterTest {
    private final SettableRuntime runtime = SettableRuntime.create();
    private final FakeCluster cluster = FakeCluster.of(3, runtime, 1);
    private final FakeNode node = cluster.node("n1").image("web:1");
    private final NodeTransport transport = cluster.transport().connect(node.spec(), "test", runtime);

    @AfterEach
    void close() {
        transport.close();
        cluster.close();
        runtime.close();
    }

    @Test
    void of_three_makesNamedNodesWithUris() {
        assertThat(cluster.nodes()).extracting(FakeNode::name).containsExactly("n1", "n2", "n3");
        assertThat(cluster.specs())
                .extracting(NodeSpec::uri)
                .containsExactly(URI.create("fake:n1"), URI.create("fake:n2"), URI.create("fake:n3"));
    }

    @Test
    void launch_throughAnOrchestrator_runsAContainerOnEachNode() {
        try (FakeCluster threads = FakeCluster.of(2);
                Orchestrator orchestrator = Orchestrator.builder("test")
                        .transport(threads.transport())
                        .build()) {
            threads.specs().forEach(orchestrator.nodes()::register);

            for (int i = 0; i < 2; i++) {
                Container web = orchestrator
                        .containers()
                        .launch(ContainerSpec.builder("nginx:1.27").build());
                assertThat(web.state().id()).isEqualTo(web.id());
            }

            assertThat(threads.nodes())
                    .flatExtracting(FakeNode::containers)
                    .hasSize(2)
                    .allMatch(ObservedContainer::running);
        }
    }

    @Test
    void connect_unknownNode_saysWhich() {
        assertThatThrownBy(() -> cluster.transport().connect(NodeSpec.of("x", URI.create("fake:n9")), "test", runtime))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("'n9'");
    }

    @Test
    void down_everyCall_isUnreachableAndWithoutEffect() {
        node.down();

        assertThat(codeOf(() -> create("c1"))).isEqualTo(ErrorCode.NODE_UNREACHABLE);
        assertThat(transport.probe(call())).failsWithin(Duration.ofSeconds(30));

        assertThat(node.containers()).isEmpty();
        node.up();
        assertThat(create("c1")).isNotEmpty();
    }

    @Test
    void hanging_call_endsAtItsDeadlineWithoutEffect() throws Exception {
        node.hanging(true);
        CompletableFuture<Optional<ErrorCode>> ended = inBackground(() -> create("c1"));

        runtime.advance(Duration.ofSeconds(9));
        assertThat(ended).isNotDone();
        runtime.advance(Duration.ofSeconds(1));

        assertThat(ended.get(30, TimeUnit.SECONDS)).contains(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(node.containers()).isEmpty();
    }

    @Test
    void delay_call_hasItsEffectLater() throws Exception {
        node.delay(Duration.ofSeconds(3));
        CompletableFuture<Optional<ErrorCode>> ended = inBackground(() -> create("c1"));
        assertThat(node.containers()).isEmpty();

        runtime.advance(Duration.ofSeconds(3));

        assertThat(ended.get(30, TimeUnit.SECONDS)).isEmpty();
        assertThat(node.containers()).hasSize(1);
    }

    @Test
    void loseReplies_create_happensButIsUnknownOnce() {
        node.loseReplies(FakeVerb.CREATE, 1);

        assertThatThrownBy(() -> create("c1")).isInstanceOf(OutcomeUnknownException.class);

        assertThat(node.containers()).extracting(ObservedContainer::name).containsExactly("c1");
        assertThat(codeOf(() -> create("c1"))).isEqualTo(ErrorCode.NAME_TAKEN);
    }

    @Test
    void losing_sameSeed_losesTheSameCalls() {
        assertThat(lossesOf(1)).isEqualTo(lossesOf(1)).contains(true, false).isNotEqualTo(lossesOf(2));
    }

    @Test
    void crash_running_exitsAndKeepsTheContainer() {
        String id = create("c1");
        transport.start(call(), id);

        node.crash();

        ObservedContainer crashed = transport.inspect(call(), id).orElseThrow();
        assertThat(crashed.phase()).isEqualTo(Phase.EXITED);
        assertThat(crashed.exitCode()).hasValue(137);
    }

    @Test
    void wipe_node_hasNothingLeft() {
        String id = create("c1");
        transport.start(call(), id);

        node.wipe();

        assertThat(node.containers()).isEmpty();
        assertThat(codeOf(() -> transport.start(call(), id))).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(codeOf(() -> create("c2"))).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
    }

    @Test
    void exit_running_endsWithThatCode() {
        String id = create("c1");
        transport.start(call(), id);

        node.exit(id, 42);

        assertThat(transport.inspect(call(), id).orElseThrow().exitCode()).hasValue(42);
    }

    @Test
    void calls_severalVerbs_areCountedInOrder() {
        node.forgetCalls();
        String id = create("c1");
        transport.start(call(), id);

        assertThat(node.calls())
                .containsExactly(new FakeCall(FakeVerb.CREATE, "test", "c1"), new FakeCall(FakeVerb.START, "test", id));
        assertThat(node.calls(FakeVerb.START)).isEqualTo(1);
    }

    @Test
    void image_registeredProgram_runsWithItsInputsAndEnds() throws Exception {
        CompletableFuture<List<String>> arguments = new CompletableFuture<>();
        cluster.image("web:1", process -> {
            process.output().write("hello".getBytes(StandardCharsets.UTF_8));
            arguments.complete(process.arguments());
            process.sleep(Duration.ofHours(2));
            return 5;
        });
        String id = create("c1");
        transport.start(call(), id);
        assertThat(arguments.get(30, TimeUnit.SECONDS)).containsExactly("web:1", "--verbose");
        awaitWaiting(1);

        runtime.advance(Duration.ofHours(2));

        while (transport.inspect(call(), id).orElseThrow().running()) {
            Thread.onSpinWait();
        }
        assertThat(transport.inspect(call(), id).orElseThrow().exitCode()).hasValue(5);
    }

    private CompletableFuture<Optional<ErrorCode>> inBackground(Runnable action) {
        CompletableFuture<Optional<ErrorCode>> ended = new CompletableFuture<>();
        runtime.execute("test", () -> {
            try {
                action.run();
                ended.complete(Optional.empty());
            } catch (OrchestratorException failure) {
                ended.complete(Optional.of(failure.code()));
            }
        });
        awaitWaiting(1);
        return ended;
    }

    private void awaitWaiting(int threads) {
        long begin = System.nanoTime();
        while (runtime.waiting() < threads) {
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(30));
            Thread.onSpinWait();
        }
    }

    private static List<Boolean> lossesOf(long seed) {
        List<Boolean> losses = new ArrayList<>();
        try (HostRuntime own = SettableRuntime.create();
                FakeCluster lossy = FakeCluster.of(1, own, seed).losing(0.5);
                NodeTransport connected =
                        lossy.transport().connect(lossy.node("n1").spec(), "test", own)) {
            for (int i = 0; i < 64; i++) {
                CallContext call = CallContext.startingNow(own::nanoTime, Duration.ofSeconds(10));
                try {
                    connected.list(call, found -> {});
                    losses.add(false);
                } catch (OrchestratorException lost) {
                    losses.add(true);
                }
            }
        }
        return losses;
    }

    private String create(String name) {
        TreeMap<String, String> labels = new TreeMap<>();
        labels.put(ContainerLabels.INSTALLATION, "test");
        ContainerSpec spec = ContainerSpec.builder("web:1").command("--verbose").build();
        return transport.create(call(), new CreateRequest(name, labels, spec, List.of(), new TreeMap<>()));
    }

    private CallContext call() {
        return CallContext.startingNow(runtime::nanoTime, Duration.ofSeconds(10));
    }

    private static ErrorCode codeOf(ThrowingCallable action) {
        return catchThrowableOfType(OrchestratorException.class, action).code();
    }
}
