package io.orchestrator.container;

import static io.orchestrator.testing.Failing.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Explanation.Reason;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.placement.PlacementStrategy;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.store.memory.MemoryStore;
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
import org.junit.jupiter.api.Test;

/** Each reason from a cause that brings it about, on virtual time. */
final class ExplanationTest {
    private static final Duration ROUND = Duration.ofSeconds(6);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final NodeId N1 = NodeId.of("n1");

    @Test
    void explain_runs_isAsDesired() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.never());

            Explanation why = web.explain();

            assertThat(why.reason()).isEqualTo(Reason.RUNNING_AS_DESIRED);
            assertThat(why.subject()).isEqualTo(web.id().value());
            assertThat(why.container()).hasValue(web.id());
            assertThat(why.node()).hasValue(N1);
            assertThat(why.underway()).isEmpty();
            assertThat(why.nextStep()).isEmpty();
            assertThat(why.facts()).anyMatch(fact -> fact.contains("desired RUNNING, last observed RUNNING"));
        });
    }

    @Test
    void explain_stoppedByItsOwner_isAsDesired() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.always());
            web.stop();

            assertThat(web.explain().reason()).isEqualTo(Reason.STOPPED_AS_DESIRED);
        });
    }

    @Test
    void explain_operationThatWaitsForItsNode_namesItsStep() {
        inAWorld(world -> {
            world.node("n1").hanging(true);
            Operation<Container> launch = world.submit();
            world.pass(Duration.ofSeconds(1));

            Explanation why = world.explain(launch.id().value());

            assertThat(why.reason()).isEqualTo(Reason.LAUNCHING);
            assertThat(why.container()).hasValue(ContainerId.of(launch.target().id()));
            assertThat(why.underway()).hasValueSatisfying(underway -> {
                assertThat(underway.id()).isEqualTo(launch.id());
                assertThat(underway.type()).isEqualTo("container.launch");
                assertThat(underway.step()).isEqualTo("create");
                assertThat(underway.failures()).isZero();
            });
            world.node("n1").hanging(false);
            launch.await(MINUTE);
            assertThatThrownBy(() -> world.explain(launch.id().value())).satisfies(code(ErrorCode.NOT_FOUND));
        });
    }

    @Test
    void explain_stopAndRemovalUnderWay_areTold() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.never());
            world.node("n1").hanging(true);

            web.submit(Action.STOP);
            assertThat(web.explain().reason()).isEqualTo(Reason.STOPPING);

            Operation<ContainerState> removal = web.submit(Action.REMOVE);
            assertThat(web.explain().reason()).isEqualTo(Reason.REMOVING);
            assertThat(web.explain().message()).contains(removal.id().value());
            world.node("n1").hanging(false);
            removal.await(MINUTE);
            assertThat(web.explain().reason()).isEqualTo(Reason.REMOVED);
            assertThat(world.explain(web.id().value()).reason()).isEqualTo(Reason.REMOVED);
        });
    }

    @Test
    void explain_refusedAgainAndAgain_tellsHowOftenAndWhy() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.never());
            world.node("n1").refuse(FakeVerb.STOP, 1_000);

            assertThatThrownBy(web::stop).satisfies(code(ErrorCode.ENGINE_ERROR));
            world.pass(MINUTE);

            Explanation why = web.explain();
            assertThat(why.reason()).isEqualTo(Reason.RETRYING);
            assertThat(why.underway()).hasValueSatisfying(underway -> {
                assertThat(underway.type()).isEqualTo("container.stop");
                assertThat(underway.step()).isEqualTo("stop");
                assertThat(underway.failures()).isGreaterThan(5);
                assertThat(underway.lastCode()).hasValue(ErrorCode.ENGINE_ERROR);
                assertThat(underway.lastError()).isNotEmpty();
            });
            assertThat(why.message()).contains("times in a row");
        });
    }

    @Test
    void explain_nodeIsDown_waitsForIt() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.always());
            world.node("n1").down();
            world.pass(MINUTE);

            assertThat(web.explain().reason()).isEqualTo(Reason.WAITING_FOR_NODE);
            assertThat(web.explain().nextStep()).contains("n1");
            assertThat(web.explain().facts()).anyMatch(fact -> fact.contains("UNREACHABLE"));

            web.submit(Action.STOP);
            world.pass(MINUTE);

            Explanation why = web.explain();
            assertThat(why.reason()).isEqualTo(Reason.WAITING_FOR_NODE);
            assertThat(why.underway()).hasValueSatisfying(underway -> {
                assertThat(underway.type()).isEqualTo("container.stop");
                assertThat(underway.failures()).isPositive();
            });
        });
    }

    @Test
    void explain_imageIsMissing_launchFailedForThatReason() {
        inAWorld(world -> {
            FakeCluster unused = world.cluster.pullable(image -> false);
            Operation<Container> launch = world.submit();
            assertThatThrownBy(() -> launch.await(MINUTE)).satisfies(code(ErrorCode.IMAGE_NOT_FOUND));

            Explanation why = world.explain(launch.target().id());

            assertThat(why.reason()).isEqualTo(Reason.LAUNCH_FAILED);
            assertThat(why.code()).hasValue(ErrorCode.IMAGE_NOT_FOUND);
            assertThat(why.nextStep()).contains("image");
            assertThat(why.underway()).isEmpty();
        });
    }

    @Test
    void explain_failedLaunchThatCannotBeTakenBack_tellsBoth() {
        inAWorld(world -> {
            world.node("n1").refuse(FakeVerb.START, 1).refuse(FakeVerb.REMOVE, 1_000);
            Operation<Container> launch = world.submit();
            assertThatThrownBy(() -> launch.await(MINUTE)).satisfies(code(ErrorCode.ENGINE_ERROR));

            Explanation why = world.explain(launch.id().value());

            assertThat(why.reason()).isEqualTo(Reason.LAUNCH_FAILED);
            assertThat(why.code()).hasValue(ErrorCode.ENGINE_ERROR);
            assertThat(why.underway()).hasValueSatisfying(underway -> {
                assertThat(underway.step()).isEqualTo("remove");
                assertThat(underway.failures()).isPositive();
            });
        });
    }

    @Test
    void explain_endedOrVanishedWithoutAPolicy_hasEnded() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.never());
            Container lost = world.launch(RestartPolicy.never());
            world.node("n1").exit(world.engineId(web), 3);
            world.node("n1").removeByHand(world.engineId(lost));
            world.await(ROUND, () -> failed(web) && failed(lost));

            assertThat(web.explain().reason()).isEqualTo(Reason.ENDED);
            assertThat(web.explain().exitCode()).hasValue(3);
            assertThat(web.explain().message()).contains("code 3", "never restarts");
            assertThat(web.explain().nextStep()).contains("logs");
            assertThat(lost.explain().reason()).isEqualTo(Reason.ENDED);
            assertThat(lost.explain().exitCode()).isEmpty();
            assertThat(lost.explain().message()).contains("no longer on node 'n1'");
        });
    }

    @Test
    void explain_crashLoop_backsOffUntilTheBudgetIsSpent() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.onFailure(1));
            world.node("n1").exit(world.engineId(web), 3);
            world.await(ROUND, () -> failed(web));
            world.pass(Duration.ofSeconds(4));

            Explanation waits = web.explain();
            assertThat(waits.reason()).isEqualTo(Reason.BACKING_OFF);
            assertThat(waits.exitCode()).hasValue(3);
            assertThat(waits.dueIn())
                    .hasValueSatisfying(due -> assertThat(due).isBetween(Duration.ZERO, Duration.ofSeconds(7)));
            world.await(MINUTE, () -> web.explain().reason() == Reason.RUNNING_AS_DESIRED);

            world.node("n1").exit(world.engineId(web), 3);
            world.await(ROUND, () -> failed(web));

            assertThat(web.explain().reason()).isEqualTo(Reason.RESTARTS_SPENT);
            assertThat(web.explain().facts()).anyMatch(fact -> fact.contains("restarted 1 times in a row"));
        });
    }

    @Test
    void explain_mostNodesAreAway_isHeldBack() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.always());
            world.node("n2").down();
            world.node("n3").down();
            world.pass(MINUTE);
            world.node("n1").exit(world.engineId(web), 1);
            world.pass(MINUTE);

            assertThat(web.explain().reason()).isEqualTo(Reason.HELD_BACK);
            assertThat(web.explain().message()).contains("2 of 3 nodes");
        });
    }

    @Test
    void explain_containerWithoutARecord_isQuarantined() {
        inAWorld(world -> {
            String engineId = world.stray("01kdvdna0mcxz6jy32evrqjg9k");
            world.await(ROUND, () -> !world.orchestrator.reconciler().strays().isEmpty());

            Explanation why = world.explain(engineId);

            assertThat(why.reason()).isEqualTo(Reason.QUARANTINED);
            assertThat(why.subject()).isEqualTo(engineId);
            assertThat(why.container()).isEmpty();
            assertThat(why.node()).hasValue(N1);
            assertThat(why.message()).contains("no record");
            assertThatThrownBy(() ->
                            world.orchestrator.containers().ownedBy("alice").explain(engineId))
                    .satisfies(code(ErrorCode.NOT_FOUND));
        });
    }

    @Test
    void explain_recordOfAnotherVersion_isUnreadable() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.never());
            world.overwriteBody(web);

            Explanation why = world.explain(web.id().value());

            assertThat(why.reason()).isEqualTo(Reason.UNREADABLE);
            assertThat(why.container()).hasValue(web.id());
            assertThat(why.node()).hasValue(N1);
        });
    }

    @Test
    void explain_ofAnotherOwner_isNotFound() {
        inAWorld(world -> {
            Operation<Container> launch = world.orchestrator
                    .containers()
                    .submit(ContainerSpec.builder("busybox:1").owner("alice").build());
            ContainerLauncher alices = world.orchestrator.containers().ownedBy("alice");
            ContainerLauncher bobs = world.orchestrator.containers().ownedBy("bob");
            String operation = launch.id().value();

            assertThat(alices.explain(operation).reason()).isEqualTo(Reason.LAUNCHING);
            assertThatThrownBy(() -> bobs.explain(operation)).satisfies(code(ErrorCode.NOT_FOUND));
            String id = launch.await(MINUTE).id().value();
            assertThat(alices.explain(id).reason()).isEqualTo(Reason.RUNNING_AS_DESIRED);
            assertThatThrownBy(() -> bobs.explain(id))
                    .satisfies(code(ErrorCode.NOT_FOUND))
                    .hasMessage("no container '" + id + "'");
        });
    }

    @Test
    void explain_ofAnythingElse_isNotFound() {
        inAWorld(world -> List.of("", "nothing", "x".repeat(10_000), "01kdvdna0mcxz6jy32evrqjg9k")
                .forEach(id -> assertThatThrownBy(() -> world.explain(id))
                        .satisfies(code(ErrorCode.NOT_FOUND))
                        .message()
                        .hasSizeLessThan(100)));
    }

    @Test
    void explain_asksNoNode() {
        inAWorld(world -> {
            Container web = world.launch(RestartPolicy.always());
            world.node("n1").exit(world.engineId(web), 1);
            world.await(ROUND, () -> failed(web));
            world.cluster.nodes().forEach(FakeNode::forgetCalls);

            web.explain();

            assertThat(world.cluster.nodes())
                    .allSatisfy(node -> assertThat(node.calls()).isEmpty());
        });
    }

    private static boolean failed(Container container) {
        return container.state().status() == ContainerStatus.FAILED;
    }

    private static void inAWorld(Consumer<World> body) {
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
                        .build()) {
                    cluster.specs().forEach(orchestrator.nodes()::register);
                    body.accept(new World(simulation.host("hand"), store, cluster, orchestrator));
                }
            });
        }
    }

    private record World(SimulatedHost hand, Store store, FakeCluster cluster, Orchestrator orchestrator) {
        Explanation explain(String id) {
            return orchestrator.explain(id);
        }

        Operation<Container> submit() {
            return orchestrator
                    .containers()
                    .submit(ContainerSpec.builder("busybox:1").build());
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

        void pass(Duration time) {
            assertThat(hand.waiter().await(() -> false, time)).isFalse();
        }

        void await(Duration time, BooleanSupplier condition) {
            assertThat(hand.waiter().await(condition, time)).isTrue();
        }

        /** Makes a container with our labels that no launch made. */
        String stray(String id) {
            TreeMap<String, String> labels = new TreeMap<>();
            labels.put(ContainerLabels.INSTALLATION, "test");
            labels.put(ContainerLabels.ID, id);
            node("n1").image("busybox:1");
            NodeSpec spec = cluster.specs().get(0);
            try (NodeTransport node = cluster.transport().connect(spec, "test", hand)) {
                return node.create(
                        CallContext.startingNow(hand::nanoTime, MINUTE),
                        new CreateRequest(
                                "orc-test-" + id,
                                labels,
                                ContainerSpec.builder("busybox:1").build(),
                                List.of(),
                                new TreeMap<>()));
            }
        }

        void overwriteBody(Container container) {
            ResourceRecord record = store.find(
                            new RecordKey("container", container.id().value()))
                    .orElseThrow();
            store.commit(new Commit(
                    List.of(Commit.Change.put(
                            record.toBuilder().body("{\"form\": 2}").build())),
                    List.of()));
        }
    }
}
