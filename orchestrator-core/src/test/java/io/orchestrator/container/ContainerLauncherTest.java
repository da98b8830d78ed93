package io.orchestrator.container;

import static io.orchestrator.testing.Failing.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.Orchestrator;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.PortRange;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.Phase;
import io.orchestrator.operation.Progress;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.placement.PlacementException;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import io.orchestrator.testing.FakeVerb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Launching and commanding containers, each case through the public interfaces alone. */
final class ContainerLauncherTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final FakeCluster cluster = FakeCluster.of(2);
    private final FakeNode node = cluster.node("n1");
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
        orchestrator.close();
        cluster.close();
    }

    @Test
    void launch_ofAnImage_runsOnItsNodeWithItsPorts() {
        List<Phase> phases = Collections.synchronizedList(new ArrayList<>());

        // held until the listener is there: a launch on a fake node takes a few milliseconds
        node.hanging(true);
        Operation<Container> launch = containers.submit(spec().name("web")
                .publish(80)
                .publish(443)
                .label("tier", "front")
                .build());
        launch.onProgress((Progress progress) -> phases.add(progress.phase()));
        node.hanging(false);
        Container web = launch.await(SOON);

        ContainerState state = web.state();
        assertThat(state.status()).isEqualTo(ContainerStatus.RUNNING);
        assertThat(state.node()).isEqualTo(NodeId.of("n1"));
        assertThat(state.operation()).isEmpty();
        assertThat(state.ports()).extracting(PublishedPort::containerPort).containsExactly(80, 443);
        assertThat(state.ports()).allMatch(port -> PortRange.DEFAULT.contains(port.hostPort()));
        assertThat(phases).contains(Phase.STARTED).endsWith(Phase.READY);
        assertThat(node.containers()).singleElement().satisfies(seen -> {
            assertThat(seen.running()).isTrue();
            assertThat(seen.ports()).containsExactlyElementsOf(state.ports());
            assertThat(seen.labels())
                    .containsEntry("io.orchestrator.id", web.id().value())
                    .containsEntry("tier", "front");
        });
    }

    @Test
    void submit_withTheSameKey_yieldsTheSameContainerOnce() {
        ContainerSpec spec = spec().idempotencyKey("web-42").build();

        Container first = containers.launch(spec);
        Container second = containers.launch(spec);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(node.calls(FakeVerb.CREATE)).isEqualTo(1);
    }

    @Test
    void submit_withTheSameKeyFromManyThreads_yieldsOneContainer() {
        ContainerSpec spec = spec().idempotencyKey("once").publish(80).build();

        Set<ContainerId> ids = new HashSet<>(IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> containers.launch(spec).id())
                .toList());

        assertThat(ids).hasSize(1);
        assertThat(node.containers()).hasSize(1);
    }

    @Test
    void submit_withAKeyOfAnotherRequest_isAMismatch() {
        containers.launch(spec().idempotencyKey("web-42").build());

        assertThatThrownBy(() -> containers.submit(
                        spec().idempotencyKey("web-42").memoryMib(64).build()))
                .satisfies(code(ErrorCode.IDEMPOTENCY_MISMATCH));
    }

    @Test
    void submit_withAKeyOfAnotherOwner_isIndependent() {
        Container alices =
                containers.launch(spec().owner("alice").idempotencyKey("k").build());
        Container bobs =
                containers.launch(spec().owner("bob").idempotencyKey("k").build());

        assertThat(alices.id()).isNotEqualTo(bobs.id());
    }

    @Test
    void submit_withATakenName_isAConflictAndLeavesNothing() {
        containers.launch(spec().name("web").build());

        assertThatThrownBy(() -> containers.submit(spec().name("web").build())).satisfies(code(ErrorCode.CONFLICT));
        assertThat(containers
                        .launch(spec().owner("bob").name("web").build())
                        .state()
                        .status())
                .isEqualTo(ContainerStatus.RUNNING);
        assertThat(node.containers()).hasSize(2);
    }

    @Test
    void submit_noNodeFits_saysWhyForEachNode() {
        cluster.node("n2").down();
        orchestrator.nodes().register(cluster.node("n2").spec());

        PlacementException refused = catchThrowableOfType(
                PlacementException.class,
                () -> containers.submit(spec().memoryMib(16_000_000).build()));

        assertThat(refused.refusals().get("n1")).contains("MiB");
        assertThat(refused.refusals().get("n2")).contains("SUSPECT");
        assertThat(refused.code()).isEqualTo(ErrorCode.NO_NODE);
    }

    @Test
    void launch_unknownImage_failsWithThatReasonAndLeavesNothing() {
        cluster.pullable(image -> false);

        assertThatThrownBy(() -> containers.launch(ContainerSpec.builder("absent:1")
                        .name("web")
                        .volume("data", "/data")
                        .build()))
                .satisfies(code(ErrorCode.IMAGE_NOT_FOUND));

        assertThat(node.containers()).isEmpty();
        assertThat(node.calls(FakeVerb.REMOVE_VOLUME)).isEqualTo(1);
        assertThat(containers.list(ContainerQuery.all()).items())
                .singleElement()
                .satisfies(state -> {
                    assertThat(state.status()).isEqualTo(ContainerStatus.FAILED);
                    assertThat(state.reason()).isNotBlank();
                });
        cluster.pullable(image -> true);
        assertThat(containers.launch(spec().name("web").build()).state().status())
                .as("the name is free again")
                .isEqualTo(ContainerStatus.RUNNING);
    }

    @Test
    void launch_imageNotOnTheNode_pullsItOnce() {
        containers.launch(ContainerSpec.builder("fresh:1").build());
        containers.launch(ContainerSpec.builder("fresh:1").build());

        assertThat(node.calls(FakeVerb.PULL)).isEqualTo(1);
        assertThat(node.containers()).hasSize(2);
    }

    @Test
    void launch_nameTakenByAForeignContainer_failsAndLeavesItAlone() {
        // the engine name is a function of the id, so the foreigner can only come in between: hold the node until it is
        // there
        node.hanging(true);
        Operation<Container> launch = containers.submit(spec().build());
        String foreign = node.runForeign("orc-test-" + launch.target().id(), "busybox");
        node.hanging(false);

        assertThatThrownBy(() -> launch.await(Duration.ofMinutes(1))).satisfies(code(ErrorCode.NAME_TAKEN));
        assertThat(node.containers()).extracting(ObservedContainer::engineId).containsExactly(foreign);
    }

    @Test
    void launch_hostPortBusy_choosesAnother() {
        orchestrator
                .nodes()
                .register(NodeSpec.builder("n1", node.uri())
                        .portRange(new PortRange(20_000, 20_001))
                        .build());
        node.portBusy(20_000, true);

        Container web = containers.launch(spec().publish(80).build());

        assertThat(web.state().ports()).extracting(PublishedPort::hostPort).containsExactly(20_001);
        assertThat(node.containers()).hasSize(1);
    }

    @Test
    void launch_twentyOnFivePorts_runsFiveAndRefusesTheRest() {
        orchestrator
                .nodes()
                .register(NodeSpec.builder("n1", node.uri())
                        .portRange(new PortRange(20_000, 20_004))
                        .build());

        List<ErrorCode> refusals = IntStream.range(0, 20)
                .parallel()
                .mapToObj(i -> outcome(spec().publish(80).build()))
                .flatMap(List::stream)
                .toList();

        assertThat(refusals).hasSize(15).containsOnly(ErrorCode.PORTS_EXHAUSTED);
        assertThat(node.containers()).hasSize(5);
    }

    @Test
    void launch_insistingOnAReservedPort_isRefused() {
        containers.launch(
                spec().publish(new PortRequest(80, Protocol.TCP, 20_500)).build());

        assertThatThrownBy(() -> containers.submit(spec().publish(new PortRequest(80, Protocol.TCP, 20_500))
                        .build()))
                .satisfies(code(ErrorCode.PORT_TAKEN));
    }

    @Test
    void launch_insistingOnAPortThatTheMachineUses_failsAndLeavesNothing() {
        node.portBusy(20_500, true);

        assertThatThrownBy(() -> containers.launch(spec().publish(new PortRequest(80, Protocol.TCP, 20_500))
                        .build()))
                .satisfies(code(ErrorCode.PORT_TAKEN));
        assertThat(node.containers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = FakeVerb.class,
            names = {"CREATE", "START", "STOP", "REMOVE", "CREATE_VOLUME", "REMOVE_VOLUME"})
    void everyVerb_replyLost_isResolvedByLooking(FakeVerb verb) {
        node.loseReplies(verb, 1);

        Container web = containers.launch(spec().volume("data", "/data").build());
        ContainerState stopped = web.stop();
        ContainerState started = web.start();
        ContainerState removed = web.apply(Action.REMOVE_WITH_VOLUMES);

        assertThat(stopped.status()).isEqualTo(ContainerStatus.STOPPED);
        assertThat(started.status()).isEqualTo(ContainerStatus.RUNNING);
        assertThat(removed.status()).isEqualTo(ContainerStatus.REMOVED);
        assertThat(node.containers()).isEmpty();
    }

    @Test
    void lifecycle_stopStartRestartRemove_isObservedOnTheNode() {
        Container web = containers.launch(spec().publish(80).build());
        List<PublishedPort> ports = web.state().ports();

        ContainerState stopped = web.stop();
        ContainerState again = web.start();
        ContainerState restarted = web.restart();
        ContainerState removed = web.remove();

        assertThat(stopped.status()).isEqualTo(ContainerStatus.STOPPED);
        assertThat(stopped.desired()).isEqualTo(Desired.STOPPED);
        assertThat(again.generation()).isEqualTo(2);
        assertThat(again.ports()).isEqualTo(ports);
        assertThat(restarted.generation()).isEqualTo(3);
        assertThat(removed.status()).isEqualTo(ContainerStatus.REMOVED);
        assertThat(node.containers()).isEmpty();
        assertThat(containers.find(web.id())).isEmpty();
        assertThat(containers.list(ContainerQuery.all()).items()).isEmpty();
    }

    @Test
    void remove_twice_isNotAnError() {
        Container web = containers.launch(spec().build());

        assertThat(web.remove().status()).isEqualTo(ContainerStatus.REMOVED);
        assertThat(web.remove().status()).isEqualTo(ContainerStatus.REMOVED);
        assertThatThrownBy(web::start).satisfies(code(ErrorCode.NOT_FOUND));
    }

    @Test
    void remove_removedByHandBefore_succeeds() {
        Container web = containers.launch(spec().build());
        node.removeByHand(node.containers().get(0).engineId());

        assertThat(web.remove().status()).isEqualTo(ContainerStatus.REMOVED);
    }

    @Test
    void refresh_afterItEnded_storesHowItEnded() {
        Container web = containers.launch(spec().build());
        node.exit(node.containers().get(0).engineId(), 3);

        ContainerState state = web.refresh();

        assertThat(state.status()).isEqualTo(ContainerStatus.FAILED);
        assertThat(state.exitCode()).hasValue(3);
        assertThat(web.state().exitCode()).as("it is stored").hasValue(3);
        assertThat(web.start().status()).isEqualTo(ContainerStatus.RUNNING);
    }

    @Test
    void cancel_ofALaunch_removesIt() {
        node.hanging(true);
        Operation<Container> launch = containers.submit(spec().name("web").build());

        boolean accepted = launch.cancel();
        node.hanging(false);

        assertThat(accepted).isTrue();
        assertThatThrownBy(() -> launch.await(SOON)).satisfies(code(ErrorCode.CANCELLED));
        // removing again waits for the removal that the cancel began
        containers.find(ContainerId.of(launch.target().id())).ifPresent(Container::remove);
        Container again = containers.launch(spec().name("web").build());
        assertThat(node.containers()).hasSize(1);
        assertThat(again.state().status()).isEqualTo(ContainerStatus.RUNNING);
    }

    @Test
    void start_whileAStopRuns_isBusyWithItsId() {
        Container web = containers.launch(spec().build());
        node.hanging(true);
        Operation<ContainerState> stop = web.submit(Action.STOP);

        assertThatThrownBy(web::start)
                .satisfies(code(ErrorCode.BUSY))
                .hasMessageContaining(stop.id().value());
        node.hanging(false);
        assertThat(stop.await(Duration.ofMinutes(2)).status()).isEqualTo(ContainerStatus.STOPPED);
    }

    @Test
    void ownedBy_another_seesAndTouchesNothing() {
        Container alices = containers.launch(spec().owner("alice").build());
        ContainerLauncher bob = containers.ownedBy("bob");

        assertThat(bob.find(alices.id())).isEmpty();
        assertThat(bob.list(ContainerQuery.all()).items()).isEmpty();
        assertThat(bob.launch(spec().owner("alice").build()).state().spec().owner())
                .isEqualTo("bob");
        assertThat(containers.ownedBy("alice").find(alices.id())).isPresent();
    }

    @Test
    void list_withFiltersAndCursor_pagesThroughAll() {
        Set<ContainerId> all = new HashSet<>();
        for (int i = 0; i < 7; i++) {
            all.add(containers
                    .launch(spec().label("parity", i % 2 == 0 ? "even" : "odd").build())
                    .id());
        }

        Set<ContainerId> paged = new HashSet<>();
        Page<ContainerState> page =
                containers.list(ContainerQuery.builder().limit(3).build());
        page.items().forEach(state -> paged.add(state.id()));
        while (page.next().isPresent()) {
            page = containers.list(
                    ContainerQuery.builder().limit(3).after(page.next().get()).build());
            page.items().forEach(state -> paged.add(state.id()));
        }

        assertThat(paged).isEqualTo(all);
        assertThat(containers
                        .list(ContainerQuery.builder()
                                .label("parity", "odd")
                                .status(ContainerStatus.RUNNING)
                                .build())
                        .items())
                .hasSize(3);
    }

    @Test
    void launch_spreadOverTwoNodes_alternates() {
        orchestrator.nodes().register(cluster.node("n2").spec());

        for (int i = 0; i < 6; i++) {
            containers.launch(spec().build());
        }

        assertThat(node.containers()).hasSize(3);
        assertThat(cluster.node("n2").containers()).hasSize(3);
    }

    @Test
    void launch_manyAtOnce_neverOvercommitsTheNode() {
        node.capacity(64, 1_000);
        orchestrator.nodes().check(NodeId.of("n1"));

        List<ErrorCode> refusals = IntStream.range(0, 30)
                .parallel()
                .mapToObj(i -> outcome(spec().memoryMib(100).build()))
                .flatMap(List::stream)
                .toList();

        assertThat(node.containers()).hasSize(10);
        assertThat(refusals).hasSize(20).containsOnly(ErrorCode.NO_NODE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{}"})
    void list_aContainerThatCannotBeRead_isLeftOut(String body) {
        Container damaged = containers.launch(spec().build());
        Container whole = containers.launch(spec().build());
        ResourceRecord record = orchestrator
                .store()
                .find(new RecordKey("container", damaged.id().value()))
                .orElseThrow();
        orchestrator
                .store()
                .commit(new Commit(
                        List.of(Commit.Change.put(record.toBuilder().body(body).build())), List.of()));

        Page<ContainerState> page = containers.list(ContainerQuery.all());

        assertThat(page.items()).extracting(ContainerState::id).containsExactly(whole.id());
    }

    @Test
    void removeNode_withContainers_isRefusedUntilTheyAreGone() {
        Container web = containers.launch(spec().build());

        assertThatThrownBy(() -> orchestrator.nodes().remove(NodeId.of("n1"))).satisfies(code(ErrorCode.CONFLICT));
        web.remove();
        orchestrator.nodes().remove(NodeId.of("n1"));

        assertThat(orchestrator.nodes().find(NodeId.of("n1"))).isEmpty();
    }

    private static ContainerSpec.Builder spec() {
        return ContainerSpec.builder("busybox:1").memoryMib(32);
    }

    /** Launches and gives the error's code, or nothing if it ran. */
    private List<ErrorCode> outcome(ContainerSpec spec) {
        try {
            containers.launch(spec);
            return List.of();
        } catch (OrchestratorException refused) {
            return List.of(refused.code());
        }
    }
}
