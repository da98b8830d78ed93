package io.orchestrator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.RestartPolicy;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.VolumeStore;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import io.orchestrator.testing.SimulatedHost;
import io.orchestrator.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills the control plane before and after every commit and every changing verb of an operation, kills the one that comes
 * after it as well, opens another on the same store and nodes, and demands that the wish is fulfilled or taken back: no
 * orphan, nothing lost, nothing twice.
 */
final class CrashPointTest {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final ContainerSpec SPEC = ContainerSpec.builder("pulled:1")
            .idempotencyKey("key")
            .name("web")
            .memoryMib(32)
            .publish(80)
            .volume("data", "/data")
            .restart(RestartPolicy.always())
            .build();

    /** What is under way when the control plane dies. */
    enum Deed {
        LAUNCH(null),
        /** The restart of one that ended by itself. */
        RELAUNCH(null),
        STOP(Action.STOP),
        START(Action.START),
        RESTART(Action.RESTART),
        REMOVE(Action.REMOVE),
        REMOVE_WITH_VOLUMES(Action.REMOVE_WITH_VOLUMES);

        private final Optional<Action> action;

        Deed(@Nullable Action action) {
            this.action = Optional.ofNullable(action);
        }

        void run(Orchestrator orchestrator) {
            Container container = orchestrator.containers().submit(SPEC).await(SOON);
            action.ifPresent(wish -> container.submit(wish).await(SOON));
            if (this == RELAUNCH) {
                boolean runs = orchestrator
                        .runtime()
                        .waiter()
                        .await(() -> container.state().status() == ContainerStatus.RUNNING, SOON);
                assertThat(runs).isTrue();
            }
        }

        Desired wanted() {
            return switch (this) {
                case LAUNCH, RELAUNCH, START, RESTART -> Desired.RUNNING;
                case STOP -> Desired.STOPPED;
                case REMOVE, REMOVE_WITH_VOLUMES -> Desired.REMOVED;
            };
        }
    }

    /** The effect, from 1, before or after which a control plane dies; it had fewer if it lives. */
    private record CrashPoint(int effect, boolean after) {}

    @ParameterizedTest
    @EnumSource(Deed.class)
    void everyPoint_killedAndOpenedAgain_losesNothingAndLeavesNothing(Deed deed) {
        int deaths = 0;
        boolean died = true;
        for (int effect = 1; died; effect++) {
            for (boolean after : new boolean[] {false, true}) {
                died = dieAndRecover(deed, List.of(new CrashPoint(effect, after)))
                        .get(0);
                deaths += died ? 1 : 0;
            }
        }

        // the intent, the verb and its outcome at the least, each before and after
        assertThat(deaths).isGreaterThanOrEqualTo(2 * (deed == Deed.LAUNCH ? 7 : 3));
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void everyTwoPoints_killedTwiceAndOpenedAgain_loseNothingAndLeaveNothing(Deed deed) {
        int pairs = 0;
        List<Boolean> died = List.of(true, true);
        for (int first = 1; died.get(0); first++) {
            died = List.of(true, true);
            for (int second = 1; died.get(0) && died.get(1); second++) {
                for (boolean after : new boolean[] {false, true}) {
                    died = dieAndRecover(deed, List.of(new CrashPoint(first, !after), new CrashPoint(second, after)));
                    pairs += died.get(0) && died.get(1) ? 1 : 0;
                }
            }
        }

        assertThat(pairs).isGreaterThanOrEqualTo(deed == Deed.LAUNCH ? 49 : 9);
    }

    /** Which of the control planes died. */
    private static List<Boolean> dieAndRecover(Deed deed, List<CrashPoint> points) {
        try (Simulation world = Simulation.of(points.hashCode());
                Store store = MemoryStore.create()) {
            FakeCluster cluster = FakeCluster.of(1, world.host("nodes"), 1);
            String how = deed + " " + points;
            List<Boolean> died = new ArrayList<>();
            live(world, world.host("before"), store, cluster, first -> prepare(deed, cluster, first));
            for (CrashPoint point : points) {
                SimulatedHost host = world.host("mortal").crashAt(point.effect(), point.after());
                live(world, host, store, cluster, deed::run);
                died.add(host.crashed());
            }
            live(world, world.host("after"), store, cluster, next -> {
                settle(store, next);
                checkNode(cluster.node("n1"), next, how);
                checkWish(deed, next, how);
                cleanUp(cluster, next, how);
            });
            return died;
        }
    }

    /** Runs a control plane until the body is done with it or its host died. */
    private static void live(
            Simulation world, SimulatedHost host, Store store, FakeCluster cluster, Consumer<Orchestrator> body) {
        world.run(() -> {
            AtomicBoolean done = new AtomicBoolean();
            host.execute("caller", () -> {
                // one that crashed is not closed
                Orchestrator orchestrator = Orchestrator.builder("crash")
                        .runtime(host)
                        .store(host.reach(Store.class, store))
                        .transport(host.reach(Transport.class, cluster.transport()))
                        .build();
                body.accept(orchestrator);
                orchestrator.close();
                done.set(true);
            });
            assertThat(world.host("watch").waiter().await(() -> done.get() || host.crashed(), Duration.ofHours(1)))
                    .isTrue();
        });
    }

    /** What is commanded later was launched before by a control plane that lived. */
    private static void prepare(Deed deed, FakeCluster cluster, Orchestrator first) {
        first.nodes().register(cluster.specs().get(0));
        if (deed != Deed.LAUNCH) {
            Container container = first.containers().launch(SPEC);
            if (deed == Deed.START) {
                container.stop();
            }
            if (deed == Deed.RELAUNCH) {
                FakeNode unused =
                        cluster.node("n1").exit(container.state().engineId().orElseThrow(), 1);
                assertThat(container.refresh().status()).isEqualTo(ContainerStatus.FAILED);
            }
        }
    }

    private static void settle(Store store, Orchestrator next) {
        boolean settled = next.runtime()
                .waiter()
                .await(
                        () -> store.page(RecordQuery.of("container").pending())
                                        .items()
                                        .isEmpty()
                                && next.containers().list(ContainerQuery.all()).items().stream()
                                        .allMatch(state -> state.status()
                                                .name()
                                                .equals(state.desired().name())),
                        SOON);
        assertThat(settled)
                .as("no operation is left under way, and what is desired is so")
                .isTrue();
    }

    private static void checkNode(FakeNode node, Orchestrator next, String how) {
        List<ContainerState> states =
                next.containers().list(ContainerQuery.all()).items();
        assertThat(node.containers()).as("%s: at most one", how).hasSizeLessThanOrEqualTo(1);
        for (ObservedContainer seen : node.containers()) {
            assertThat(states).as("%s: no orphan", how).anyMatch(state -> state.engineId()
                    .equals(Optional.of(seen.engineId())));
        }
        for (ContainerState state : states) {
            boolean runs = node.containers().stream().anyMatch(ObservedContainer::running);
            assertThat(runs).as("%s: observed is what is", how).isEqualTo(state.status() == ContainerStatus.RUNNING);
            assertThat(state.status().name())
                    .as("%s: the wish is fulfilled", how)
                    .isEqualTo(state.desired().name());
        }
    }

    /** The same caller, coming back with the same key, finds what it asked for. */
    private static void checkWish(Deed deed, Orchestrator next, String how) {
        Container container = next.containers().submit(SPEC).await(SOON);
        deed.action.ifPresent(container::apply);
        assertThat(container.state().desired()).as(how).isEqualTo(deed.wanted());
        assertThat(next.containers().list(ContainerQuery.all()).items())
                .as(how)
                .hasSize(deed.wanted() == Desired.REMOVED ? 0 : 1);
    }

    private static void cleanUp(FakeCluster cluster, Orchestrator next, String how) {
        next.containers().submit(SPEC).await(SOON).apply(Action.REMOVE_WITH_VOLUMES);
        assertThat(cluster.node("n1").containers()).as(how).isEmpty();
        List<String> volumes = new ArrayList<>();
        try (NodeTransport node = cluster.transport().connect(cluster.specs().get(0), "crash", next.runtime())) {
            node.as(VolumeStore.class)
                    .orElseThrow()
                    .listVolumes(CallContext.startingNow(next.runtime()::nanoTime, SOON), volumes::add);
        }
        assertThat(volumes).as(how).isEmpty();
        assertThat(next.nodes().list(Optional.empty(), 10).items()).hasSize(1);
        next.nodes().remove(cluster.specs().get(0).id());
    }
}
