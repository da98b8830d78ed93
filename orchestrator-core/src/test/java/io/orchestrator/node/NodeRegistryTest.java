package io.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.SettableRuntime;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Registering and watching nodes on virtual time. */
final class NodeRegistryTest {
    private static final Duration ROUND = Duration.ofSeconds(5);

    private final SettableRuntime runtime = SettableRuntime.create();
    private final FakeCluster cluster = FakeCluster.of(3, runtime, 7);
    private final PlantedTransport transport = new PlantedTransport(cluster.transport());
    private final PlantedThreads threads = new PlantedThreads(runtime);
    private final PlantedStore store = new PlantedStore();
    private final Orchestrator orchestrator = Orchestrator.builder("test")
            .runtime(threads)
            .store(store)
            .transport(transport)
            .build();
    private final NodeRegistry nodes = orchestrator.nodes();

    @AfterEach
    void close() {
        cluster.close();
        orchestrator.close();
    }

    @Test
    void register_twice_updatesAndSaysSo() {
        Registration first = nodes.register(cluster.specs().get(0));
        Registration second = nodes.register(
                NodeSpec.builder("n1", URI.create("fake:n1")).label("zone", "b").build());

        assertThat(first.created()).isTrue();
        assertThat(first.node().status()).isEqualTo(NodeStatus.READY);
        assertThat(second.created()).isFalse();
        assertThat(nodes.list(Optional.empty(), 10).items())
                .singleElement()
                .satisfies(node -> assertThat(node.spec().labels()).containsEntry("zone", "b"));
    }

    @Test
    void register_unknownScheme_isRefusedAndNotStored() {
        assertThatThrownBy(() -> nodes.register(NodeSpec.of("x", URI.create("gopher://x"))))
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("gopher");
        assertThat(nodes.find(NodeId.of("x"))).isEmpty();
    }

    @Test
    void register_anotherUriWhileItHoldsContainers_isAConflict() {
        nodes.register(cluster.specs().get(0));
        orchestrator.containers().launch(ContainerSpec.builder("busybox").build());

        assertThatThrownBy(() -> nodes.register(NodeSpec.of("n1", URI.create("fake:n2"))))
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void check_missedProbes_makesItSuspectThenUnreachableThenReadyAgain() {
        nodes.register(cluster.specs().get(0));
        NodeId id = NodeId.of("n1");
        cluster.node("n1").down();

        assertThat(nodes.check(id).status()).isEqualTo(NodeStatus.SUSPECT);
        assertThat(nodes.check(id).status()).isEqualTo(NodeStatus.SUSPECT);
        assertThat(nodes.check(id).status()).isEqualTo(NodeStatus.UNREACHABLE);
        assertThat(nodes.check(id).reason()).isNotBlank();
        cluster.node("n1").up();
        assertThat(nodes.check(id).status()).isEqualTo(NodeStatus.READY);
    }

    @Test
    void check_unknownNode_isNotFound() {
        assertThatThrownBy(() -> nodes.check(NodeId.of("nobody")))
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void probing_oneNodeHangs_othersAreProbedInTime() {
        cluster.specs().forEach(nodes::register);
        cluster.node("n1").hanging(true);
        cluster.nodes().forEach(node -> node.forgetCalls());

        runtime.advance(Duration.ofSeconds(5));

        for (String healthy : new String[] {"n2", "n3"}) {
            assertThat(nodes.check(NodeId.of(healthy)).status()).isEqualTo(NodeStatus.READY);
        }
        cluster.node("n1").hanging(false);
    }

    @Test
    void list_withCursor_pagesById() {
        cluster.specs().forEach(nodes::register);

        Page<NodeState> first = nodes.list(Optional.empty(), 2);
        Page<NodeState> second = nodes.list(first.next(), 2);

        assertThat(first.items()).extracting(node -> node.id().value()).containsExactly("n1", "n2");
        assertThat(second.items()).extracting(node -> node.id().value()).containsExactly("n3");
        assertThat(second.next()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(BrokenProbe.class)
    void probing_aTransportIsBroken_countsMissesAndGoesOnWithAllNodes(BrokenProbe broken) {
        nodes.register(cluster.specs().get(0));
        nodes.register(cluster.specs().get(1));
        transport.probe("n1", call -> broken.answer());
        transport.probe("n2", call -> CompletableFuture.completedFuture(report("second")));

        runtime.advance(ROUND.multipliedBy(6));

        NodeState first = nodes.find(NodeId.of("n1")).orElseThrow();
        assertThat(first.status()).isEqualTo(NodeStatus.UNREACHABLE);
        assertThat(first.reason()).isNotBlank();
        assertThat(transport.probes("n2")).isEqualTo(6);
        transport.probe("n1", call -> CompletableFuture.completedFuture(report("mended")));
        runtime.advance(ROUND.multipliedBy(2));
        assertThat(nodes.find(NodeId.of("n1")).orElseThrow().healthy()).isTrue();
    }

    @Test
    void probing_noThreadIsLeft_isAMissAndGoesOnWhenThereIsOne() {
        nodes.register(cluster.specs().get(0));
        nodes.register(cluster.specs().get(1));
        threads.refuse("fake-probe");

        runtime.advance(ROUND.multipliedBy(3));

        assertThat(statuses()).containsExactly(NodeStatus.UNREACHABLE, NodeStatus.UNREACHABLE);
        threads.refuse("nothing");
        runtime.advance(ROUND);
        threads.await("fake-probe");
        assertThat(statuses()).containsExactly(NodeStatus.READY, NodeStatus.READY);
    }

    @Test
    void probing_answeredOnAThreadOfTheTransport_storesTheStatusOnAnother() {
        nodes.register(cluster.specs().get(0));
        threads.settle();
        CompletableFuture<NodeReport> answer = new CompletableFuture<>();
        transport.probe("n1", call -> answer);
        runtime.advance(ROUND);
        store.forgetCallers();

        answer.completeExceptionally(new IllegalStateException("broken"));

        assertThat(store.callers()).doesNotContain(Thread.currentThread());
        threads.settle();
        assertThat(store.node("n1").observed()).isEqualTo("SUSPECT");
    }

    @Test
    void probing_storeFails_isStoredWithTheNextChange() {
        nodes.register(cluster.specs().get(0));
        threads.settle();
        store.failNext("node/suspect");
        cluster.node("n1").down();

        nodes.check(NodeId.of("n1"));
        threads.settle();
        assertThat(store.node("n1").observed()).isEqualTo("READY");
        nodes.check(NodeId.of("n1"));
        nodes.check(NodeId.of("n1"));

        threads.settle();
        assertThat(store.node("n1").observed()).isEqualTo("UNREACHABLE");
    }

    @Test
    void register_whileTheOldRegistrationIsProbed_keepsTheNewSpecification() {
        nodes.register(labelled("a"));
        threads.settle();
        CompletableFuture<NodeReport> late = new CompletableFuture<>();
        transport.probe("n1", call -> late);
        runtime.advance(ROUND);
        transport.probe("n1", call -> CompletableFuture.completedFuture(report("new")));
        nodes.register(NodeSpec.builder("n1", URI.create("fake:n1"))
                .label("zone", "b")
                .portRange(new PortRange(30_001, 30_002))
                .build());

        late.completeExceptionally(new IllegalStateException("broken"));

        threads.settle();
        assertThat(nodes.find(NodeId.of("n1")).orElseThrow().healthy()).isTrue();
        assertThat(store.node("n1").labels()).containsExactly(Map.entry("zone", "b"));
        assertThat(store.node("n1").observed()).isEqualTo("READY");
        assertThat(store.node("n1").body()).contains("30001", "30002");
    }

    @Test
    void register_withoutTheLabelsOfBefore_dropsThem() {
        nodes.register(labelled("a"));

        nodes.register(cluster.specs().get(0));

        assertThat(store.node("n1").labels()).isEmpty();
    }

    @Test
    void register_whileAnotherRegistersTheSame_leavesMemoryAndStoreTheSame() {
        store.after("node/registered", () -> meanwhile(() -> nodes.register(labelled("b"))));

        nodes.register(labelled("a"));

        threads.await("meanwhile");
        assertThat(nodes.find(NodeId.of("n1")).orElseThrow().spec().labels())
                .isEqualTo(store.node("n1").labels())
                .containsEntry("zone", "b");
    }

    @Test
    void remove_whileAnotherRegistersTheSame_leavesMemoryAndStoreTheSame() {
        nodes.register(labelled("a"));
        store.after("node/removed", () -> meanwhile(() -> nodes.register(labelled("b"))));

        nodes.remove(NodeId.of("n1"));

        threads.await("meanwhile");
        assertThat(store.node("n1").labels()).containsEntry("zone", "b");
        assertThat(nodes.find(NodeId.of("n1"))).isPresent();
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void open_aNodeThatCannotBeRead_isLeftOut(Damage damage) {
        nodes.register(cluster.specs().get(0));
        nodes.register(cluster.specs().get(1));
        threads.settle();
        store.damage("n2", damage::of);

        try (Orchestrator later = Orchestrator.builder("test")
                .runtime(SettableRuntime.create())
                .store(store)
                .transport(transport)
                .build()) {
            assertThat(later.nodes().list(Optional.empty(), 10).items())
                    .extracting(node -> node.id().value())
                    .containsExactly("n1");
            assertThat(later.nodes().find(NodeId.of("n2"))).isEmpty();
            assertThatThrownBy(() -> later.nodes().register(cluster.specs().get(1)))
                    .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.PROTOCOL_ERROR))
                    .hasMessageContaining("n2");
            later.nodes().remove(NodeId.of("n2"));
            assertThat(later.nodes().register(cluster.specs().get(1)).created()).isTrue();
        }
    }

    @Test
    void close_beforeAStatusIsStored_waitsForIt() {
        threads.before("node-status", () -> {
            while (runtime.waiting() > 0) {
                Thread.onSpinWait();
            }
            meanwhile(orchestrator::close);
        });

        nodes.register(cluster.specs().get(0));

        threads.settle();
        threads.await("meanwhile");
        assertThat(store.node("n1").observed()).isEqualTo("READY");
    }

    @Test
    void close_aTransportThrows_closesTheOthers() {
        nodes.register(cluster.specs().get(0));
        nodes.register(cluster.specs().get(1));
        transport.failToClose("n1");

        orchestrator.close();

        assertThat(transport.closed()).containsExactly("n1", "n2");
    }

    private List<NodeStatus> statuses() {
        return nodes.list(Optional.empty(), 10).items().stream()
                .map(NodeState::status)
                .toList();
    }

    private static NodeSpec labelled(String zone) {
        return NodeSpec.builder("n1", URI.create("fake:n1")).label("zone", zone).build();
    }

    private static NodeReport report(String engine) {
        return new NodeReport(engine, "x86_64", 8, 16_384, Set.of());
    }

    /** Runs the action on another thread until it has ended or waits for somebody. */
    private void meanwhile(Runnable action) {
        AtomicBoolean ended = new AtomicBoolean();
        threads.execute("meanwhile", () -> {
            try {
                action.run();
            } finally {
                ended.set(true);
            }
        });
        while (!ended.get() && runtime.waiting() == 0) {
            Thread.onSpinWait();
        }
    }

    /** Ways in which a transport breaks its word. */
    private enum BrokenProbe {
        THROWS,
        THROWS_AN_ERROR,
        GIVES_NOTHING,
        REPORTS_NOTHING,
        NEVER_ENDS;

        @SuppressWarnings("NullAway") // a transport that was compiled without the annotations may give null
        CompletableFuture<NodeReport> answer() {
            return switch (this) {
                case THROWS -> throw new IllegalStateException("broken");
                case THROWS_AN_ERROR -> throw new StackOverflowError();
                case GIVES_NOTHING -> null;
                case REPORTS_NOTHING -> CompletableFuture.completedFuture(null);
                case NEVER_ENDS -> new CompletableFuture<>();
            };
        }
    }

    /** What another version, or a person, may leave in a node's record. */
    private enum Damage {
        UNKNOWN_STATUS,
        NO_JSON,
        NO_OBJECT,
        BAD_URI,
        BAD_TIME;

        ResourceRecord of(ResourceRecord record) {
            ResourceRecord.Builder damaged = record.toBuilder();
            return switch (this) {
                case UNKNOWN_STATUS -> damaged.observed("GONE").build();
                case NO_JSON -> damaged.body("{").build();
                case NO_OBJECT -> damaged.body("[]").build();
                case BAD_URI ->
                    damaged.body(record.body().replace("fake:n2", "fake : n2")).build();
                case BAD_TIME ->
                    damaged.body(record.body().replace("2026-01-01T", "yesterday"))
                            .build();
            };
        }
    }
}
