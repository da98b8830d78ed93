package io.orchestrator.operation;

import static io.orchestrator.testing.Failing.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Explanation.Reason;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long operations go on and how often their steps are repeated, on virtual time. */
final class OperationPaceTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void operation_thatTakesTooLong_isGivenUpAndCleansUp() {
        inAWorld(world -> {
            AtomicInteger cleanups = new AtomicInteger();
            Slow type = new Slow(cleanups);
            world.orchestrator.operations().define(type);
            ResourceRecord fresh =
                    ResourceRecord.builder(new RecordKey("thing", "t1")).build();
            long begin = world.host.nanoTime();

            Operation<String> operation = world.orchestrator.operations().create(type, fresh, Map.of());

            assertThatThrownBy(() -> operation.await(MINUTE.multipliedBy(2)))
                    .satisfies(code(ErrorCode.DEADLINE_EXCEEDED))
                    .hasMessageContaining("'wait'");
            assertThat(Duration.ofNanos(world.host.nanoTime() - begin)).isBetween(MINUTE, MINUTE.plusSeconds(2));
            assertThat(cleanups).hasValue(1);
            assertThat(world.store.find(fresh.key()).orElseThrow().pending()).isEmpty();
        });
    }

    @Test
    void start_nodeAwayForLongerThanItsTime_isGivenUpButAStopIsNot() {
        inAWorld(world -> {
            Container web = world.launch();
            Container other = world.launch();
            web.stop();
            world.node().down();

            web.submit(Action.START);
            other.submit(Action.STOP);
            world.pass(Duration.ofMinutes(14));
            assertThat(web.state().operation()).isPresent();
            world.pass(Duration.ofMinutes(2));

            assertThat(web.state().operation()).isEmpty();
            assertThat(web.state().status()).isEqualTo(ContainerStatus.FAILED);
            assertThat(web.state().reason()).contains("PT15M", "n1");
            assertThat(web.explain().reason()).isEqualTo(Reason.ENDED);
            world.pass(Duration.ofHours(2));
            assertThat(other.state().operation()).isPresent();
            world.node().up();
            // until it was probed, what runs there is unknown
            world.pass(MINUTE);
            assertThat(other.stop().status()).isEqualTo(ContainerStatus.STOPPED);
            assertThat(web.start().status()).isEqualTo(ContainerStatus.RUNNING);
        });
    }

    @Test
    void start_takenUpByAnotherProcess_hasItsWholeTimeAgain() {
        inAWorld(world -> {
            Container web = world.launch();
            web.stop();
            world.node().down();
            web.submit(Action.START);
            world.pass(Duration.ofMinutes(10));
            world.orchestrator.close();

            try (Orchestrator next = world.open("next")) {
                world.pass(Duration.ofMinutes(14));
                assertThat(state(next, web.id())).isPresent();
                world.pass(Duration.ofMinutes(2));
                assertThat(state(next, web.id())).isEmpty();
            }
        });
    }

    @Test
    void steps_thatFailOnOneNode_areRepeatedThreeTimesASecondAndAllSucceedInTheEnd() {
        inAWorld(world -> {
            List<Container> fleet =
                    IntStream.range(0, 60).mapToObj(i -> world.launch()).toList();
            world.pass(MINUTE.multipliedBy(2));
            world.node().forgetCalls();
            world.node().refuse(FakeVerb.STOP, 240);

            fleet.forEach(container -> container.submit(Action.STOP));
            world.pass(Duration.ofSeconds(30));

            // the first tries, a burst, three a second, and a tenth of the first tries
            assertThat(world.node().calls(FakeVerb.STOP)).isBetween(120L, 60L + 3 + 90 + 6);
            world.pass(Duration.ofSeconds(80));
            assertThat(world.node().calls(FakeVerb.STOP)).isEqualTo(300);
            assertThat(fleet)
                    .allSatisfy(
                            container -> assertThat(container.state().status()).isEqualTo(ContainerStatus.STOPPED));
        });
    }

    private static Optional<OperationId> state(Orchestrator orchestrator, ContainerId id) {
        return orchestrator.containers().find(id).orElseThrow().state().operation();
    }

    /** An operation that waits for ever, in steps of a second. */
    private record Slow(AtomicInteger cleanups) implements OperationType<String> {
        @Override
        public String name() {
            return "thing.wait";
        }

        @Override
        public List<Step> steps(ResourceRecord record) {
            return List.of(
                    new Step("wait", Phase.CREATED, MINUTE, context -> StepOutcome.again(Duration.ofSeconds(1))));
        }

        @Override
        public List<Step> cleanup(ResourceRecord record) {
            return List.of(new Step("take-back", Phase.CLEANING_UP, MINUTE, context -> {
                cleanups.incrementAndGet();
                return StepOutcome.next(context.record());
            }));
        }

        @Override
        public Optional<Duration> timeout() {
            return Optional.of(MINUTE);
        }

        @Override
        public String result(ResourceRecord record) {
            return "done";
        }
    }

    private static void inAWorld(Consumer<World> body) {
        try (Simulation simulation = Simulation.of(1);
                Store store = MemoryStore.create()) {
            FakeCluster cluster = FakeCluster.of(1, simulation.host("nodes"), 1);
            simulation.run(() -> {
                SimulatedHost host = simulation.host("cp");
                try (Orchestrator orchestrator = open(host, store, cluster)) {
                    cluster.specs().forEach(orchestrator.nodes()::register);
                    body.accept(new World(simulation, host, store, cluster, orchestrator));
                }
            });
        }
    }

    private static Orchestrator open(SimulatedHost host, Store store, FakeCluster cluster) {
        return Orchestrator.builder("test")
                .runtime(host)
                .store(host.reach(Store.class, store))
                .transport(host.reach(Transport.class, cluster.transport()))
                .build();
    }

    private record World(
            Simulation simulation, SimulatedHost host, Store store, FakeCluster cluster, Orchestrator orchestrator) {
        Container launch() {
            return orchestrator
                    .containers()
                    .launch(ContainerSpec.builder("busybox:1")
                            .cpus(0.01)
                            .memoryMib(16)
                            .build());
        }

        FakeNode node() {
            return cluster.node("n1");
        }

        Orchestrator open(String name) {
            return OperationPaceTest.open(simulation.host(name), store, cluster);
        }

        void pass(Duration time) {
            assertThat(simulation.host("hand").waiter().await(() -> false, time))
                    .isFalse();
        }
    }
}
