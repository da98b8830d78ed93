package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.node.NodeReport;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

abstract class ObserveCases extends Cases {
    @Test
    void probe_node_tellsItsEngine() throws Exception {
        NodeReport report = node().transport().probe(node().call()).get(KitNode.PATIENCE.toSeconds(), TimeUnit.SECONDS);

        assertThat(report.engine()).isNotBlank();
        assertThat(report.cpus()).isNotNegative();
        assertThat(report.memoryMib()).isNotNegative();
    }

    @Test
    void inspect_byIdAndByName_areTheSame() {
        String id = node().run(script(FOREVER));
        ObservedContainer byId = node().inspect(id);

        assertThat(node().inspect(byId.name())).isEqualTo(byId);
    }

    @Test
    void inspect_unknown_isEmpty() {
        String id = node().create(script(FOREVER));
        node().remove(id);

        assertThat(node().find(id)).isEmpty();
        assertThat(node().find(node().name())).isEmpty();
    }

    @Test
    void inspect_partOfName_isEmpty() {
        String name = node().inspect(node().create(script(FOREVER))).name();

        assertThat(node().find(name.substring(0, name.length() - 1))).isEmpty();
        assertThat(node().find(name + "x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 255})
    void inspect_ended_tellsItsExitCode(int code) {
        String id = node().run(script("exit " + code));

        assertThat(node().awaitExit(id)).isEqualTo(code);
        assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
    }

    @Test
    void inspect_startedAgain_tellsNoOldExitCode() {
        String id = node().run(script(FOREVER));
        node().stop(id);
        node().start(id);

        assertThat(node().inspect(id).exitCode()).isEmpty();
    }

    @Test
    void inspect_containerOfOtherInstallation_isTold() {
        String theirs = other().create(script(FOREVER));

        assertThat(node().inspect(theirs).labels()).containsEntry(ContainerLabels.INSTALLATION, other().installation());
    }

    @Test
    void list_nothingMade_isEmpty() {
        assertThat(node().list()).isEmpty();
    }

    @Test
    void list_everyPhase_isListed() {
        String created = node().create(script(FOREVER));
        String running = node().run(script(FOREVER));
        String ended = node().runToEnd(script("exit 0"));

        Map<String, Phase> phases =
                node().list().stream().collect(Collectors.toMap(ObservedContainer::engineId, ObservedContainer::phase));

        assertThat(phases)
                .containsOnly(
                        Map.entry(created, Phase.CREATED),
                        Map.entry(running, Phase.RUNNING),
                        Map.entry(ended, Phase.EXITED));
    }

    @Test
    void list_container_isToldAsInspected() {
        String id = node().create(script(FOREVER));
        ObservedContainer inspected = node().inspect(id);

        ObservedContainer listed = node().list().get(0);

        assertThat(listed.name()).isEqualTo(inspected.name());
        assertThat(listed.labels()).isEqualTo(inspected.labels());
    }

    @Test
    void list_otherInstallation_isNeverListed() {
        String ours = node().create(script(FOREVER));
        String theirs = other().create(script(FOREVER));

        assertThat(node().list()).extracting(ObservedContainer::engineId).containsExactly(ours);
        assertThat(other().list()).extracting(ObservedContainer::engineId).containsExactly(theirs);
    }

    @Test
    void list_foreignContainer_isNeverListed() {
        needsNo(Gap.FOREIGN_CONTAINERS);
        String foreign = kit().createForeign(node().name());
        try {
            assertThat(node().list()).isEmpty();
        } finally {
            kit().removeForeign(foreign);
        }
    }

    @Test
    void list_fiftyContainers_listsEachOnce() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            made.add(node().create(script(FOREVER)));
        }

        assertThat(node().list()).extracting(ObservedContainer::engineId).containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void list_sink_isCalledOnTheCallingThread() {
        node().create(script(FOREVER));
        List<Thread> threads = new ArrayList<>();

        node().transport().list(node().call(), found -> threads.add(Thread.currentThread()));

        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void list_sinkThatThrows_reachesTheCallerAndHarmsNothing() {
        String id = node().create(script(FOREVER));

        assertThatThrownBy(() -> node().transport().list(node().call(), found -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");

        assertThat(node().list()).extracting(ObservedContainer::engineId).containsExactly(id);
    }

    @Test
    void close_running_leavesItRunning() {
        String id = node().run(script(FOREVER));
        try (NodeTransport second = kit().connect(node().installation(), node().runtime())) {
            assertThat(second.inspect(node().call(), id)).isPresent();
        }

        assertThat(node().inspect(id).running()).isTrue();
    }

    @Test
    void close_twice_isNotAnError() {
        NodeTransport second = kit().connect(node().installation(), node().runtime());
        second.close();
        second.close();

        assertThat(node().list()).isEmpty();
    }
}
