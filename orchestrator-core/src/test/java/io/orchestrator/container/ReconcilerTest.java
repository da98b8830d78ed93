package io.orchestrator.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.placement.PlacementStrategy;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCall;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import io.orchestrator.testing.FakeVerb;
import io.orchestrator.testing.SimulatedHost;
import io.orchestrator.testing.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What happens by hand or late on a node, on virtual time: within how long it is seen, and what is never touched. */
final class ReconcilerTest {
    /** A shortest period and a fifth of it. */
    private static final Duration ROUND = Duration.ofSeconds(6);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final NodeId N1 = NodeId.of("n1");

    @Test
    void container_removedByHand_isSeenWithinARound() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();

            world.node("n1").removeByHand(world.engineId(web));

            world.await(ROUND, () -> web.state().status() == ContainerStatus.FAILED);
            assertThat(web.state().desired()).isEqualTo(Desired.RUNNING);
            assertThat(web.state().reason()).contains("no longer on node 'n1'");
            web.remove();
        });
    }

    @Test
    void container_thatEndsByItself_isSeenWithinARound() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();

            world.node("n1").exit(world.engineId(web), 3);

            world.await(ROUND, () -> web.state().status() == ContainerStatus.FAILED);
            assertThat(web.state().exitCode()).hasValue(3);
        });
    }

    @Test
    void container_thatCannotBeLookedAt_keepsNoOtherWaiting() {
        inAWorld(SweepPolicy.defaults(), world -> {
            List<Container> both = List.of(world.launch(), world.launch());
            both.forEach(container -> world.node("n1").exit(world.engineId(container), 3));
            world.node("n1").refuse(FakeVerb.INSPECT, 1);

            assertThat(world.orchestrator.reconciler().reconcile(N1).changed()).isEqualTo(1);
            assertThat(world.orchestrator.reconciler().reconcile(N1).changed()).isEqualTo(1);

            assertThat(both)
                    .allSatisfy(
                            container -> assertThat(container.state().status()).isEqualTo(ContainerStatus.FAILED));
        });
    }

    @Test
    void node_thatLostPower_ranContainersAreSeenToHaveEnded() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();

            world.node("n1").crash();

            world.await(ROUND, () -> web.state().status() == ContainerStatus.FAILED);
            assertThat(web.state().exitCode()).hasValue(137);
        });
    }

    @Test
    void node_thatIsAway_keepsWhatIsStored() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();

            world.node("n1").down();
            world.pass(MINUTE);

            assertThat(web.state().status()).isEqualTo(ContainerStatus.UNKNOWN);
            assertThat(world.record(web)).isEqualTo("RUNNING");
            assertThatThrownBy(() -> world.orchestrator.reconciler().reconcile(N1))
                    .isInstanceOf(OrchestratorException.class)
                    .hasMessageContaining("n1");
            world.node("n1").up();
            world.await(MINUTE, () -> web.state().status() == ContainerStatus.RUNNING);
        });
    }

    @Test
    void container_stoppedByItsOwnerAndStartedByHand_isStoppedAgain() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();
            web.stop();

            world.byHand(node -> node.start(world.call(), world.engineId(web)));
            assertThat(world.node("n1").containers()).allMatch(ObservedContainer::running);

            world.await(ROUND.multipliedBy(2), () -> world.node("n1").containers().stream()
                    .noneMatch(ObservedContainer::running));
            world.await(ROUND, () -> web.state().status() == ContainerStatus.STOPPED);
            assertThat(web.state().desired()).isEqualTo(Desired.STOPPED);
        });
    }

    @Test
    void container_createdLateAfterItsRemoval_isSweptAndJournaledFirst() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();
            web.remove();
            String late = world.create(web.id().value());

            world.await(MINUTE, () -> world.node("n1").containers().isEmpty());

            assertThat(world.journal("container/swept"))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.entry().detail()).contains(late));
            assertThat(world.orchestrator.reconciler().strays()).isEmpty();
        });
    }

    @Test
    void container_createdLateAfterItsLaunchFailed_isSwept() {
        inAWorld(SweepPolicy.defaults(), world -> {
            FakeCluster unused = world.cluster.pullable(image -> false);
            assertThatThrownBy(world::launch).isInstanceOf(OrchestratorException.class);
            ContainerState failed = world.orchestrator
                    .containers()
                    .list(ContainerQuery.all())
                    .items()
                    .get(0);
            assertThat(failed.failure()).hasValue(ErrorCode.IMAGE_NOT_FOUND);
            String late = world.create(failed.id().value());
            assertThat(world.node("n1").containers())
                    .extracting(ObservedContainer::engineId)
                    .containsExactly(late);

            world.await(MINUTE, () -> world.node("n1").containers().isEmpty());
        });
    }

    @Test
    void container_withoutARecord_isLeftAloneAndReported() {
        inAWorld(SweepPolicy.defaults(), world -> {
            String nobodys = world.create("01kdvdna0mcxz6jy32evrqjg9k");
            String nameless = world.create("not an id!");
            String foreign = world.node("n1").runForeign("theirs", "busybox:1");

            world.pass(MINUTE);

            assertThat(world.node("n1").containers())
                    .extracting(ObservedContainer::engineId)
                    .containsExactlyInAnyOrder(nobodys, nameless, foreign);
            assertThat(world.orchestrator.reconciler().strays())
                    .extracting(Stray::engineId)
                    .containsExactlyInAnyOrder(nobodys, nameless);
            assertThat(world.orchestrator.reconciler().strays())
                    .allSatisfy(stray -> assertThat(stray.reason()).contains("no record"));
            world.orchestrator.nodes().remove(N1);
            world.await(ROUND, () -> world.orchestrator.reconciler().strays().isEmpty());
        });
    }

    @Test
    void sweep_ofMoreThanItsShare_removesNothing() {
        inAWorld(SweepPolicy.defaults(), world -> {
            world.corpses(SweepPolicy.ALWAYS + 1);

            world.pass(MINUTE);

            assertThat(world.node("n1").containers()).hasSize(SweepPolicy.ALWAYS + 1);
            assertThat(world.orchestrator.reconciler().reconcile(N1).held()).isEqualTo(SweepPolicy.ALWAYS + 1);
        });
    }

    @Test
    void sweep_removesNoMoreInAMinuteThanItMay() {
        inAWorld(new SweepPolicy(false, 4, 1), world -> {
            world.corpses(10);

            world.pass(Duration.ofSeconds(30));
            assertThat(world.node("n1").containers()).hasSize(6);
            world.pass(MINUTE);
            assertThat(world.node("n1").containers()).hasSize(2);
            world.await(MINUTE, () -> world.node("n1").containers().isEmpty());
        });
    }

    @Test
    void sweep_asADryRun_removesNothingAndCounts() {
        inAWorld(SweepPolicy.dryRunOnly(), world -> {
            world.corpses(2);

            world.pass(MINUTE);

            assertThat(world.node("n1").containers()).hasSize(2);
            assertThat(world.orchestrator.reconciler().reconcile(N1).held()).isEqualTo(2);
            assertThat(world.journal("container/swept")).isEmpty();
        });
    }

    @Test
    void sweep_whileMostNodesAreAway_removesNothing() {
        inAWorld(SweepPolicy.defaults(), world -> {
            world.node("n2").down();
            world.node("n3").down();
            world.pass(MINUTE);
            world.corpses(1);

            world.pass(MINUTE);
            assertThat(world.node("n1").containers()).hasSize(1);

            world.node("n3").up();
            world.await(MINUTE, () -> world.node("n1").containers().isEmpty());
        });
    }

    @Test
    void node_thatHangs_delaysNoOther() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch();
            world.node("n2").hanging(true);

            world.node("n1").exit(world.engineId(web), 3);

            world.await(ROUND, () -> web.state().status() == ContainerStatus.FAILED);
            world.node("n2").hanging(false);
        });
    }

    @Test
    void fleet_atRest_changesNothingAndWritesNothing() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container runs = world.launch();
            Container stopped = world.launch();
            stopped.stop();
            Container gone = world.launch();
            gone.remove();
            world.pass(MINUTE);
            int written = world.journal("").size();
            world.cluster.nodes().forEach(FakeNode::forgetCalls);

            world.pass(ROUND.multipliedBy(10));

            assertThat(world.journal("")).hasSize(written);
            assertThat(world.cluster.nodes()).allSatisfy(node -> assertThat(node.calls())
                    .extracting(FakeCall::verb)
                    .contains(FakeVerb.LIST)
                    .containsOnly(FakeVerb.LIST, FakeVerb.PROBE));
            assertThat(runs.state().status()).isEqualTo(ContainerStatus.RUNNING);
        });
    }

    @Test
    void container_thatFails_isRestartedLaterEachTimeUntilItsBudgetIsSpent() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch(RestartPolicy.onFailure(3));
            String engineId = world.engineId(web);

            for (int restart = 1; restart <= 3; restart++) {
                int expected = restart;
                world.node("n1").exit(engineId, 3);
                world.pass(RestartPolicy.onFailure(3).delay(restart - 1));
                assertThat(web.state().restarts()).isEqualTo(restart - 1);
                world.await(ROUND.multipliedBy(3), () -> web.state().restarts() == expected && runs(web));
            }
            world.node("n1").exit(engineId, 3);
            world.pass(Duration.ofHours(1));

            assertThat(web.state().status()).isEqualTo(ContainerStatus.FAILED);
            assertThat(web.state().exitCode()).hasValue(3);
            assertThat(web.state().generation()).isEqualTo(4);
            assertThat(world.node("n1").containers())
                    .extracting(ObservedContainer::engineId)
                    .containsExactly(engineId);

            web.start();
            assertThat(web.state().restarts()).isZero();
            world.node("n1").exit(engineId, 3);
            world.await(MINUTE, () -> web.state().restarts() == 1 && runs(web));
        });
    }

    @Test
    void container_thatRanForLong_hasItsBudgetBack() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch(RestartPolicy.onFailure(1));
            world.node("n1").exit(world.engineId(web), 3);
            world.await(MINUTE, () -> web.state().restarts() == 1 && runs(web));

            world.pass(RestartPolicy.STABLE.minus(MINUTE));
            assertThat(web.state().restarts()).isEqualTo(1);
            world.await(MINUTE.multipliedBy(2), () -> web.state().restarts() == 0);

            world.node("n1").exit(world.engineId(web), 3);
            world.await(MINUTE, () -> web.state().restarts() == 1 && runs(web));
        });
    }

    @Test
    void container_thatEndedWell_isRestartedOnlyIfAlways() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container job = world.launch(RestartPolicy.onFailure(5));
            Container server = world.launch(RestartPolicy.always());
            Container plain = world.launch();

            world.node("n1").exit(world.engineId(job), 0);
            world.node("n1").exit(world.engineId(server), 0);
            world.node("n1").exit(world.engineId(plain), 1);
            world.pass(MINUTE);

            assertThat(job.state().status()).isEqualTo(ContainerStatus.STOPPED);
            assertThat(runs(server)).isTrue();
            assertThat(plain.state().status()).isEqualTo(ContainerStatus.FAILED);
        });
    }

    @Test
    void container_stoppedByItsOwner_isNotRestarted() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch(RestartPolicy.always());
            world.node("n1").exit(world.engineId(web), 1);
            world.await(ROUND, () -> web.state().status() == ContainerStatus.FAILED);

            web.stop();
            world.pass(MINUTE.multipliedBy(10));

            assertThat(web.state().status()).isEqualTo(ContainerStatus.STOPPED);
            assertThat(world.node("n1").containers()).noneMatch(ObservedContainer::running);
        });
    }

    @Test
    void container_removedByHand_isMadeAgainIfItsPolicySaysSo() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch(RestartPolicy.always());
            String first = world.engineId(web);

            world.node("n1").removeByHand(first);

            world.await(MINUTE, () -> web.state().restarts() == 1 && runs(web));
            assertThat(world.node("n1").containers()).singleElement().satisfies(made -> assertThat(made.engineId())
                    .isEqualTo(world.engineId(web))
                    .isNotEqualTo(first));
        });
    }

    @Test
    void restarts_whileMostNodesAreAway_wait() {
        inAWorld(SweepPolicy.defaults(), world -> {
            Container web = world.launch(RestartPolicy.always());
            world.node("n2").down();
            world.node("n3").down();
            world.pass(MINUTE);

            world.node("n1").exit(world.engineId(web), 1);
            world.pass(MINUTE);
            assertThat(web.state().status()).isEqualTo(ContainerStatus.FAILED);

            world.node("n3").up();
            world.await(MINUTE, () -> runs(web));
        });
    }

    @Test
    void restartPolicy_delaysDoubleToFiveMinutes() {
        RestartPolicy policy = RestartPolicy.always();

        assertThat(IntStream.of(0, 1, 2, 3, 4, 5, 1_000).mapToObj(policy::delay).map(Duration::toSeconds))
                .containsExactly(10L, 20L, 40L, 80L, 160L, 300L, 300L);
        assertThatThrownBy(() -> RestartPolicy.onFailure(-1)).hasMessageContaining("-1 restarts");
    }

    private static boolean runs(Container container) {
        return container.state().status() == ContainerStatus.RUNNING;
    }

    @Test
    void policy_outOfItsBounds_isRefused() {
        assertThatThrownBy(() -> new SweepPolicy(false, -1, 0.2)).hasMessageContaining("-1 per minute");
        assertThatThrownBy(() -> new SweepPolicy(false, 1, Double.NaN)).hasMessageContaining("NaN");
        assertThat(SweepPolicy.defaults().allows(20, 100)).isTrue();
        assertThat(SweepPolicy.defaults().allows(21, 100)).isFalse();
    }

    private interface Body {
        void run(World world);
    }

    private static void inAWorld(SweepPolicy policy, Body body) {
        try (Simulation simulation = Simulation.of(1);
                Store store = MemoryStore.create()) {
            FakeCluster cluster = FakeCluster.of(3, simulation.host("nodes"), 1);
            simulation.run(() -> {
                SimulatedHost host = simulation.host("cp");
                try (Orchestrator orchestrator = Orchestrator.builder("test")
                        .runtime(host)
                        .store(host.reach(Store.class, store))
                        .transport(host.reach(Transport.class, cluster.transport()))
                        .placement(PlacementStrategy.firstHealthy())
                        .sweep(policy)
                        .build()) {
                    cluster.specs().forEach(orchestrator.nodes()::register);
                    body.run(new World(simulation.host("hand"), store, cluster, orchestrator));
                }
            });
        }
    }

    private record World(SimulatedHost hand, Store store, FakeCluster cluster, Orchestrator orchestrator) {
        Container launch() {
            return launch(RestartPolicy.never());
        }

        Container launch(RestartPolicy policy) {
            return orchestrator
                    .containers()
                    .launch(ContainerSpec.builder("busybox:1").restart(policy).build());
        }

        FakeNode node(String name) {
            return cluster.node(name);
        }

        String engineId(Container container) {
            return container.state().engineId().orElseThrow();
        }

        String record(Container container) {
            return store.find(new RecordKey("container", container.id().value()))
                    .orElseThrow()
                    .observed();
        }

        void pass(Duration time) {
            assertThat(hand.waiter().await(() -> false, time)).isFalse();
        }

        void await(Duration time, BooleanSupplier condition) {
            assertThat(hand.waiter().await(condition, time)).isTrue();
        }

        CallContext call() {
            return CallContext.startingNow(hand::nanoTime, MINUTE);
        }

        void byHand(Consumer<NodeTransport> deed) {
            NodeSpec spec = cluster.specs().get(0);
            try (NodeTransport node = cluster.transport().connect(spec, "test", hand)) {
                deed.accept(node);
            }
        }

        /** Makes a container with the labels of that one, as a create does that arrives late. */
        String create(String id) {
            TreeMap<String, String> labels = new TreeMap<>();
            labels.put(ContainerLabels.INSTALLATION, "test");
            labels.put(ContainerLabels.ID, id);
            ContainerSpec spec = ContainerSpec.builder("busybox:1").build();
            node("n1").image("busybox:1");
            String[] made = new String[1];
            byHand(node -> made[0] =
                    node.create(call(), new CreateRequest("orc-test-" + id, labels, spec, List.of(), new TreeMap<>())));
            return made[0];
        }

        void corpses(int count) {
            List<Container> removed =
                    IntStream.range(0, count).mapToObj(i -> launch()).toList();
            removed.forEach(Container::remove);
            removed.forEach(container -> create(container.id().value()));
        }

        List<JournalEntry> journal(String event) {
            return store.journal(0, 1_000).stream()
                    .filter(entry -> entry.entry().event().startsWith(event))
                    .toList();
        }
    }
}
