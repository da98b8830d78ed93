package io.orchestrator.container;

import static io.orchestrator.testing.Failing.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.Orchestrator;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Transport;
import io.orchestrator.spi.VolumeStore;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import io.orchestrator.testing.FakeVerb;
import io.orchestrator.testing.SimulatedHost;
import io.orchestrator.testing.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a container whose node refuses, whose launch is taken back, or whose callers come back. */
final class ContainerFailureTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeCluster cluster = FakeCluster.of(2);
    private final FakeNode node = cluster.node("n1");
    private final CountDownLatch pulls = new CountDownLatch(1);
    private final Orchestrator orchestrator =
            Orchestrator.builder("test").transport(cluster.transport()).build();
    private final ContainerLauncher containers = orchestrator.containers();

    @BeforeEach
    void registerOneNode() {
        node.image("busybox:1");
        orchestrator.nodes().register(node.spec());
    }

    @AfterEach
    void close() {
        pulls.countDown();
        orchestrator.close();
        cluster.close();
    }

    @Test
    void launch_oneVolumeAtTwoPaths_runs() {
        Container web = containers.launch(
                spec().volume("data", "/a").volume("data", "/b").build());

        assertThat(web.state().status()).isEqualTo(ContainerStatus.RUNNING);
        assertThat(node.calls(FakeVerb.CREATE_VOLUME)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"REMOVE", "REMOVE_WITH_VOLUMES"})
    void remove_refusedByTheEngine_saysSoAndGoesOn(Action removal) {
        Container web = containers.launch(spec().build());
        node.refuse(FakeVerb.REMOVE, 2);

        assertThatThrownBy(() -> web.submit(removal).await(SOON)).satisfies(code(ErrorCode.ENGINE_ERROR));

        eventually(() -> web.state().status() == ContainerStatus.REMOVED);
        assertThat(node.containers()).isEmpty();
    }

    @Test
    void stop_refusedByTheEngine_saysSoAndGoesOn() {
        Container web = containers.launch(spec().build());
        node.refuse(FakeVerb.STOP, 2);

        assertThatThrownBy(web::stop).satisfies(code(ErrorCode.ENGINE_ERROR));

        eventually(() -> web.state().status() == ContainerStatus.STOPPED);
        assertThat(node.containers()).singleElement().matches(seen -> !seen.running());
    }

    @Test
    void stop_afterWhichItStillRuns_isTriedUntilItDoesNot() {
        Container web = containers.launch(spec().build());
        node.ignoreStops(2);

        ContainerState stopped = web.stop();

        assertThat(stopped.status()).isEqualTo(ContainerStatus.STOPPED);
        assertThat(node.calls(FakeVerb.STOP)).isEqualTo(3);
        assertThat(node.containers()).singleElement().matches(seen -> !seen.running());
    }

    @Test
    void launch_failedAndRemoved_givesItsRoomBackOnce() {
        FakeNode small = cluster.node("n2").capacity(1, 100).image("busybox:1");
        orchestrator.nodes().register(small.spec());
        orchestrator.nodes().remove(NodeId.of("n1"));
        Container first = containers.launch(spec().memoryMib(60).build());
        cluster.pullable(image -> false);
        Operation<Container> failing =
                containers.submit(ContainerSpec.builder("none:1").memoryMib(40).build());
        assertThatThrownBy(() -> failing.await(SOON)).satisfies(code(ErrorCode.IMAGE_NOT_FOUND));

        Container failed =
                containers.find(ContainerId.of(failing.target().id())).orElseThrow();
        failed.remove();
        failed.remove();

        assertThatThrownBy(() -> containers.launch(spec().memoryMib(60).build()))
                .satisfies(code(ErrorCode.NO_NODE));
        containers.launch(spec().memoryMib(40).build());
        first.remove();
        first.remove();
        containers.launch(spec().memoryMib(60).build());
        assertThatThrownBy(() -> containers.launch(spec().memoryMib(32).build()))
                .satisfies(code(ErrorCode.NO_NODE));
    }

    @Test
    void failedLaunch_withAVolumeThatWasThereBefore_leavesIt() {
        Container before = containers.launch(spec().volume("data", "/data").build());
        before.remove();
        cluster.pullable(image -> false);

        assertThatThrownBy(() -> containers.launch(
                        ContainerSpec.builder("none:1").volume("data", "/data").build()))
                .satisfies(code(ErrorCode.IMAGE_NOT_FOUND));

        assertThat(volumes()).hasSize(1);
    }

    @Test
    void start_nodeDownForLong_saysSoAndRunsWhenItIsBack() {
        try (Simulation world = Simulation.of(1)) {
            SimulatedHost host = world.host("control plane");
            FakeCluster distant = FakeCluster.of(1, world.host("nodes"), 1);
            FakeNode far = distant.node("n1").image("busybox:1");
            world.run(() -> {
                Orchestrator other = Orchestrator.builder("test")
                        .runtime(host)
                        .transport(host.reach(Transport.class, distant.transport()))
                        .build();
                other.nodes().register(far.spec());
                Container web = other.containers().launch(spec().build());
                web.stop();
                far.down();

                assertThatThrownBy(web::start).satisfies(code(ErrorCode.NODE_UNREACHABLE));
                far.up();

                assertThat(web.start().operation()).isEmpty();
                other.close();
            });
            assertThat(far.containers()).singleElement().matches(ObservedContainer::running);
        }
    }

    @Test
    void remove_ofAFailedLaunchWhoseNodeIsGone_buriesIt() {
        cluster.pullable(image -> false);
        assertThatThrownBy(() -> containers.launch(ContainerSpec.builder("none:1")
                        .name("web")
                        .volume("data", "/a")
                        .build()))
                .satisfies(code(ErrorCode.IMAGE_NOT_FOUND));
        ContainerState failed = containers.list(ContainerQuery.all()).items().get(0);
        orchestrator.nodes().remove(NodeId.of("n1"));

        ContainerState removed = containers
                .find(failed.id())
                .orElseThrow()
                .submit(Action.REMOVE_WITH_VOLUMES)
                .await(SOON);

        assertThat(removed.status()).isEqualTo(ContainerStatus.REMOVED);
    }

    @Test
    void cancel_whilePulling_leavesNoVolume() {
        Operation<Container> launch = launchThatPulls("data");

        launch.cancel();
        pulls.countDown();

        assertThatThrownBy(() -> launch.await(SOON)).satisfies(code(ErrorCode.CANCELLED));
        containers.find(ContainerId.of(launch.target().id())).ifPresent(Container::remove);
        assertThat(volumes()).isEmpty();
    }

    @Test
    void failedLaunch_whoseVolumeAnotherUsedMeanwhile_leavesItsData() {
        Operation<Container> launch = launchThatPulls("data");
        Container other = containers.launch(spec().volume("data", "/data").build());
        other.remove();

        cluster.pullable(image -> false);
        pulls.countDown();

        assertThatThrownBy(() -> launch.await(SOON)).satisfies(code(ErrorCode.IMAGE_NOT_FOUND));
        assertThat(volumes()).hasSize(1);
    }

    @Test
    void failedLaunch_whoseVolumeWasReplacedMeanwhile_leavesTheOther() {
        Operation<Container> launch = launchThatPulls("data");
        withVolumes((store, call) -> {
            String name = volumes().get(0);
            SortedMap<String, String> labels =
                    new TreeMap<>(store.volumeLabels(call, name).orElseThrow());
            labels.replaceAll((key, value) -> value.equals(launch.target().id()) ? "another" : value);
            store.removeVolume(call, name);
            store.createVolume(call, name, labels);
        });

        cluster.pullable(image -> false);
        pulls.countDown();

        assertThatThrownBy(() -> launch.await(SOON)).satisfies(code(ErrorCode.IMAGE_NOT_FOUND));
        assertThat(volumes()).hasSize(1);
    }

    @Test
    void cancel_ofAStart_leavesTheVolume() {
        Container web = containers.launch(spec().volume("data", "/data").build());
        web.stop();
        node.hanging(true);
        web.submit(Action.START);
        Operation<ContainerState> removal = web.submit(Action.REMOVE);
        node.hanging(false);

        removal.await(SOON);

        assertThat(volumes()).as("named volumes stay").hasSize(1);
    }

    @Test
    void removeWithVolumes_afterRemove_deletesTheVolume() {
        Container web = containers.launch(spec().volume("data", "/data").build());
        web.remove();
        assertThat(volumes()).hasSize(1);

        web.submit(Action.REMOVE_WITH_VOLUMES).await(SOON);

        assertThat(volumes()).isEmpty();
        assertThat(web.state().status()).isEqualTo(ContainerStatus.REMOVED);
        orchestrator.nodes().remove(NodeId.of("n1"));
    }

    @Test
    void toFuture_callbackThatUsesTheContainer_isNotInItsWay() {
        CompletableFuture<ContainerState> stopped =
                containers.submit(spec().build()).toFuture().thenApply(Container::stop);

        assertThat(stopped.orTimeout(30, TimeUnit.SECONDS).join().status()).isEqualTo(ContainerStatus.STOPPED);
    }

    @Test
    void toFuture_callbackAfterAFailure_isNotInItsWay() {
        cluster.pullable(image -> false);
        Operation<Container> launch =
                containers.submit(ContainerSpec.builder("none:1").build());

        CompletableFuture<ContainerState> removed = launch.toFuture().handle((container, failure) -> containers
                .find(ContainerId.of(launch.target().id()))
                .orElseThrow()
                .remove());

        assertThat(removed.orTimeout(30, TimeUnit.SECONDS).join().status()).isEqualTo(ContainerStatus.REMOVED);
    }

    @Test
    void submit_afterClose_storesNothing() {
        orchestrator.close();

        assertThatThrownBy(() -> containers.submit(spec().build())).satisfies(code(ErrorCode.CLOSED));
        assertThat(node.containers()).isEmpty();
    }

    /** A launch that has made its volume and now waits for its image. */
    private Operation<Container> launchThatPulls(String volume) {
        CountDownLatch pulling = new CountDownLatch(1);
        cluster.pullable(image -> {
            pulling.countDown();
            return !happens(pulls);
        });
        Operation<Container> launch = containers.submit(
                ContainerSpec.builder("other:1").volume(volume, "/data").build());
        assertThat(happens(pulling)).isTrue();
        assertThat(volumes()).hasSize(1);
        return launch;
    }

    private static boolean happens(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private List<String> volumes() {
        List<String> names = new ArrayList<>();
        withVolumes((store, call) -> store.listVolumes(call, names::add));
        return names;
    }

    private void withVolumes(BiConsumer<VolumeStore, CallContext> action) {
        try (var transport = cluster.transport().connect(node.spec(), "test", orchestrator.runtime())) {
            action.accept(
                    transport.as(VolumeStore.class).orElseThrow(),
                    CallContext.startingNow(orchestrator.runtime()::nanoTime, SOON));
        }
    }

    /** Watches without asking for anything again. */
    private void eventually(BooleanSupplier expected) {
        long begin = orchestrator.runtime().nanoTime();
        while (!expected.getAsBoolean()) {
            assertThat(Duration.ofNanos(orchestrator.runtime().nanoTime() - begin))
                    .isLessThan(SOON);
            Thread.onSpinWait();
        }
    }

    private static ContainerSpec.Builder spec() {
        return ContainerSpec.builder("busybox:1").memoryMib(32);
    }
}
