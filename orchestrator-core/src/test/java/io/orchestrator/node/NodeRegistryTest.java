package io.orchestrator.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.SettableRuntime;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Registering and watching nodes on virtual time. */
final class NodeRegistryTest {
    private final SettableRuntime runtime = SettableRuntime.create();
    private final FakeCluster cluster = FakeCluster.of(3, runtime, 7);
    private final Orchestrator orchestrator = Orchestrator.builder("test")
            .runtime(runtime)
            .transport(cluster.transport())
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
}
