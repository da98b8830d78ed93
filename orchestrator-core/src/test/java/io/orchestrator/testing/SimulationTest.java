package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.operation.Operation;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.Waiter;
import io.orchestrator.store.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SimulationTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    @Test
    void run_tasksThatWait_takeVirtualTimeOnly() {
        try (Simulation world = Simulation.of(1)) {
            SimulatedHost host = world.host("h");
            List<String> order = new ArrayList<>();
            world.run(() -> {
                Waiter done = host.waiter();
                Runnable forgotten = host.schedule(Duration.ofHours(3), () -> order.add("never"));
                Runnable unused = host.schedule(Duration.ofHours(2), () -> {
                    order.add("second");
                    done.wake();
                });
                host.execute("early", () -> {
                    assertThat(host.waiter().await(() -> false, Duration.ofHours(1)))
                            .isFalse();
                    order.add("first");
                });
                forgotten.run();
                assertThat(done.await(() -> order.contains("second"), Duration.ofHours(4)))
                        .isTrue();
            });

            assertThat(order).containsExactly("first", "second");
            assertThat(world.elapsed())
                    .isBetween(Duration.ofHours(2), Duration.ofHours(2).plusMinutes(1));
        }
    }

    @Test
    void run_longerThanItsLimit_fails() {
        try (Simulation world = Simulation.of(7)) {
            SimulatedHost host = world.host("h");

            assertThatThrownBy(() -> world.run(
                            Duration.ofMinutes(1), () -> host.waiter().await(() -> false, Duration.ofDays(9))))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("seed 7")
                    .hasMessageContaining("still running after PT1M");
        }
    }

    @Test
    void run_taskOfAHostThatThrows_fails() {
        try (Simulation world = Simulation.of(1)) {
            SimulatedHost host = world.host("h");

            assertThatThrownBy(() -> world.run(() -> {
                        host.execute("bad", () -> {
                            throw new IllegalStateException("planted");
                        });
                        host.waiter().await(() -> false, SOON);
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasRootCauseMessage("planted");
        }
    }

    @Test
    void run_taskThatBlocksOutside_isToldWhere() {
        CountDownLatch never = new CountDownLatch(1);
        try (Simulation world = Simulation.of(1)) {
            Simulation impatient = world.patience(Duration.ofMillis(200));

            assertThatThrownBy(() -> impatient.run(() -> {
                        try {
                            never.await();
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                    }))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("outside the simulation");
            never.countDown();
        }
    }

    @Test
    void orchestrators_sameSeed_haveTheSameHistory() {
        assertThat(history(5)).isEqualTo(history(5));
        assertThat(LongStream.range(0, 10)
                        .map(SimulationTest::history)
                        .distinct()
                        .count())
                .isEqualTo(10);
    }

    @Test
    void crash_ofAControlPlaneAtAnyEffectOfALaunch_leavesOneContainer() {
        for (int effect = 1; effect <= 12; effect++) {
            for (boolean after : new boolean[] {false, true}) {
                launchWithACrash(effect, after);
            }
        }
    }

    private static void launchWithACrash(int effect, boolean after) {
        try (Simulation world = Simulation.of(effect)) {
            Store store = MemoryStore.create();
            FakeCluster cluster = FakeCluster.of(2, world.host("nodes"), 1);
            SimulatedHost first = world.host("cp-1");
            SimulatedHost second = world.host("cp-2");
            ContainerSpec spec = ContainerSpec.builder("busybox:1")
                    .idempotencyKey("once")
                    .volume("data", "/data")
                    .publish(80)
                    .build();
            world.run(() -> {
                Orchestrator doomed = controlPlane(first, store, cluster);
                first.crashAt(effect, after);
                first.execute("caller", () -> {
                    Container unused = doomed.containers().launch(spec);
                    first.crash();
                });
                boolean crashed = world.host("watch").waiter().await(first::crashed, SOON);
                assertThat(crashed).isTrue();
            });
            world.run(() -> {
                Orchestrator next = controlPlane(second, store, cluster);
                second.execute("caller", () -> {
                    Container web = next.containers().launch(spec);
                    assertThat(web.state().status()).isEqualTo(ContainerStatus.RUNNING);
                    second.crash();
                });
                assertThat(world.host("watch").waiter().await(second::crashed, SOON))
                        .isTrue();
            });
            assertThat(cluster.nodes().stream()
                            .flatMap(node -> node.containers().stream())
                            .toList())
                    .as("effect %s, after %s", effect, after)
                    .hasSize(1);
        }
    }

    /** Twenty launches by two callers, with losses, told apart by the order in which everything happened. */
    private static long history(long seed) {
        try (Simulation world = Simulation.of(seed)) {
            SimulatedHost host = world.host("cp");
            FakeCluster cluster = FakeCluster.of(3, world.host("nodes"), seed).losing(0.05);
            world.run(() -> {
                Orchestrator orchestrator = controlPlane(host, MemoryStore.create(), cluster);
                List<Operation<Container>> launches = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    launches.add(orchestrator
                            .containers()
                            .submit(ContainerSpec.builder("busybox:1")
                                    .publish(80)
                                    .build()));
                }
                launches.forEach(launch -> launch.await(SOON).stop());
                orchestrator.close();
            });
            return world.trace();
        }
    }

    private static Orchestrator controlPlane(SimulatedHost host, Store store, FakeCluster cluster) {
        Orchestrator orchestrator = Orchestrator.builder("test")
                .runtime(host)
                .store(host.reach(Store.class, store))
                .transport(host.reach(Transport.class, cluster.transport()))
                .build();
        cluster.specs().forEach(orchestrator.nodes()::register);
        return orchestrator;
    }
}
