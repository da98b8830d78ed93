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
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.VolumeStore;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kills the control plane before and after every commit and every verb of an operation, opens another on the same store
 * and nodes, and demands that the wish is fulfilled or taken back: no orphan, nothing lost, nothing twice.
 */
final class CrashPointTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final ContainerSpec SPEC = ContainerSpec.builder("pulled:1")
            .idempotencyKey("key")
            .name("web")
            .memoryMib(32)
            .publish(80)
            .volume("data", "/data")
            .build();

    /** What is under way when the control plane dies. */
    enum Deed {
        LAUNCH(null),
        STOP(Action.STOP),
        START(Action.START),
        RESTART(Action.RESTART),
        REMOVE(Action.REMOVE),
        REMOVE_WITH_VOLUMES(Action.REMOVE_WITH_VOLUMES);

        private final Optional<Action> action;

        Deed(@Nullable Action action) {
            this.action = Optional.ofNullable(action);
        }

        /** Runs until it is done or its control plane died, whose operations then never end. */
        void run(Orchestrator orchestrator, CrashPoint crash) {
            Container container = await(orchestrator.containers().submit(SPEC), orchestrator, crash);
            action.ifPresent(wish -> await(container.submit(wish), orchestrator, crash));
        }

        private static <T> T await(Operation<T> operation, Orchestrator orchestrator, CrashPoint crash) {
            boolean ended = operation.toFuture().isDone();
            for (int i = 0; i < 6_000 && !ended && !crash.dead(); i++) {
                ended = orchestrator
                        .runtime()
                        .waiter()
                        .await(() -> operation.toFuture().isDone(), Duration.ofMillis(5));
            }
            return operation.await(Duration.ZERO);
        }

        Desired wanted() {
            return switch (this) {
                case LAUNCH, START, RESTART -> Desired.RUNNING;
                case STOP -> Desired.STOPPED;
                case REMOVE, REMOVE_WITH_VOLUMES -> Desired.REMOVED;
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Deed.class)
    void everyPoint_killedAndOpenedAgain_losesNothingAndLeavesNothing(Deed deed) {
        List<CrashPoint> survived = new ArrayList<>();
        boolean more = true;
        for (int at = 1; more; at++) {
            for (boolean after : new boolean[] {false, true}) {
                CrashPoint crash = new CrashPoint(at, after);
                dieAndRecover(deed, crash);
                more = crash.dead();
                survived.add(crash);
            }
        }

        // the intent, the verb and its outcome at the least, each before and after
        assertThat(survived).hasSizeGreaterThanOrEqualTo(2 * (deed == Deed.LAUNCH ? 7 : 3));
    }

    private static void dieAndRecover(Deed deed, CrashPoint crash) {
        try (FakeCluster cluster = FakeCluster.of(1);
                Store store = MemoryStore.create()) {
            prepare(cluster, store, deed);
            try (Orchestrator mortal = open(cluster, store, crash)) {
                deed.run(mortal, crash);
            } catch (OrchestratorException died) {
                assertThat(crash.dead()).as("%s failed with %s", crash, died).isTrue();
            }
            try (Orchestrator next = open(cluster, store, new CrashPoint(0, false))) {
                settle(store, next.runtime());
                checkNode(cluster.node("n1"), next, crash);
                checkWish(deed, next, crash);
                cleanUp(deed, cluster, next, crash);
            }
        }
    }

    /** What is commanded later was launched before by a control plane that lived. */
    private static void prepare(FakeCluster cluster, Store store, Deed deed) {
        try (Orchestrator first = open(cluster, store, new CrashPoint(0, false))) {
            first.nodes().register(cluster.specs().get(0));
            if (deed != Deed.LAUNCH) {
                first.containers().launch(SPEC);
            }
            if (deed == Deed.START) {
                first.containers().launch(SPEC).stop();
            }
        }
    }

    private static Orchestrator open(FakeCluster cluster, Store store, CrashPoint crash) {
        return Orchestrator.builder("crash")
                .store(new MortalStore(store, crash))
                .transport(new MortalTransport(cluster.transport(), crash))
                .build();
    }

    private static void settle(Store store, HostRuntime runtime) {
        boolean settled = false;
        for (int i = 0; i < 6_000 && !settled; i++) {
            settled = store.page(RecordQuery.of("container").pending()).items().isEmpty()
                    || runtime.waiter().await(() -> false, Duration.ofMillis(5));
        }
        assertThat(settled).as("no operation is left under way").isTrue();
    }

    private static void checkNode(FakeNode node, Orchestrator next, CrashPoint crash) {
        List<ContainerState> states =
                next.containers().list(ContainerQuery.all()).items();
        assertThat(node.containers()).as("%s: at most one", crash).hasSizeLessThanOrEqualTo(1);
        for (ObservedContainer seen : node.containers()) {
            assertThat(states).as("%s: no orphan", crash).anyMatch(state -> state.engineId()
                    .equals(Optional.of(seen.engineId())));
        }
        for (ContainerState state : states) {
            boolean runs = node.containers().stream().anyMatch(ObservedContainer::running);
            assertThat(runs).as("%s: observed is what is", crash).isEqualTo(state.status() == ContainerStatus.RUNNING);
            assertThat(state.status().name())
                    .as("%s: the wish is fulfilled", crash)
                    .isEqualTo(state.desired().name());
        }
    }

    /** The same caller, coming back with the same key, finds what it asked for. */
    private static void checkWish(Deed deed, Orchestrator next, CrashPoint crash) {
        Container container = next.containers().submit(SPEC).await(SOON);
        deed.action.ifPresent(container::apply);
        assertThat(container.state().desired()).as("%s", crash).isEqualTo(deed.wanted());
        assertThat(next.containers().list(ContainerQuery.all()).items())
                .as("%s", crash)
                .hasSize(deed.wanted() == Desired.REMOVED ? 0 : 1);
    }

    private static void cleanUp(Deed deed, FakeCluster cluster, Orchestrator next, CrashPoint crash) {
        next.containers().submit(SPEC).await(SOON).apply(Action.REMOVE_WITH_VOLUMES);
        assertThat(cluster.node("n1").containers()).as("%s", crash).isEmpty();
        List<String> volumes = new ArrayList<>();
        NodeTransport node = cluster.transport().connect(cluster.specs().get(0), "crash", next.runtime());
        node.as(VolumeStore.class)
                .orElseThrow()
                .listVolumes(CallContext.startingNow(next.runtime()::nanoTime, SOON), volumes::add);
        assertThat(volumes).as("%s", crash).hasSizeLessThanOrEqualTo(deed.wanted() == Desired.REMOVED ? 1 : 0);
        assertThat(next.nodes().list(Optional.empty(), 10).items()).hasSize(1);
        next.nodes().remove(cluster.specs().get(0).id());
    }
}
