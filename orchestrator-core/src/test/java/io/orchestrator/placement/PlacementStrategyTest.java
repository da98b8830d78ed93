package io.orchestrator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The built-in strategies on plain candidates. */
final class PlacementStrategyTest {
    private static final ContainerSpec SPEC = ContainerSpec.builder("busybox").build();

    @Test
    void firstHealthy_severalFeasible_takesTheFirstById() {
        Candidate chosen =
                PlacementStrategy.firstHealthy().choose(SPEC, List.of(candidate("a", 9, 900), candidate("b", 0, 0)));

        assertThat(chosen.node().id().value()).isEqualTo("a");
    }

    @Test
    void spread_severalFeasible_takesTheOneWithFewestContainers() {
        Candidate chosen = PlacementStrategy.spread()
                .choose(SPEC, List.of(candidate("a", 3, 0), candidate("b", 1, 900), candidate("c", 2, 0)));

        assertThat(chosen.node().id().value()).isEqualTo("b");
    }

    @Test
    void spread_equalCounts_takesTheOneWithLeastMemoryThenTheFirst() {
        Candidate chosen = PlacementStrategy.spread()
                .choose(SPEC, List.of(candidate("a", 1, 500), candidate("b", 1, 100), candidate("c", 1, 100)));

        assertThat(chosen.node().id().value()).isEqualTo("b");
    }

    private static Candidate candidate(String id, int containers, long memoryMib) {
        NodeState node = new NodeState(
                NodeSpec.of(id, URI.create("fake:" + id)),
                NodeStatus.READY,
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "");
        return new Candidate(node, containers, 0, memoryMib);
    }
}
