package io.orchestrator.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.orchestrator.container.Action;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.service.ServiceHealth.Verdict;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceLaunchersTest {
    private final EchoHost host = new EchoHost("gone:1", "echo:1");

    @AfterEach
    void close() {
        host.close();
    }

    private EchoSpec.Builder spec() {
        return EchoSpec.builder(host.engine);
    }

    @Test
    void launch_engineAnswers_isRunningAtItsPublishedPort() {
        AtomicInteger calls = new AtomicInteger();
        host.engine.answers(client -> calls.incrementAndGet());

        Echo echo = host.services().launch(spec().name("one").owner("alice").build());

        ServiceState state = echo.state();
        assertThat(state.status()).isEqualTo(ServiceStatus.RUNNING);
        assertThat(state.health().verdict()).isEqualTo(Verdict.HEALTHY);
        assertThat(state.owner()).isEqualTo("alice");
        assertThat(state.node()).contains(NodeId.of("n1"));
        assertThat(state.endpoint()).map(URI::toString).get().asString().matches("tcp://127\\.0\\.0\\.1:2\\d{4}");
        assertThat(echo.client().endpoint()).isEqualTo(state.endpoint().orElseThrow());
        assertThat(calls).hasValue(2);
        assertThat(host.node.containers()).singleElement().satisfies(container -> assertThat(container.labels())
                .containsEntry(ServiceSteps.LABEL, echo.id().value()));
        assertThat(host.volumes()).singleElement().asString().contains(echo.id().value());
    }

    @Test
    void launch_twoServices_haveDifferentCredentialsThatShowNowhere() {
        Set<String> tokens = new ConcurrentSkipListSet<>();
        host.engine.answers(client -> tokens.add(client.token().reveal()));

        Echo one = host.services().launch(spec().build());
        host.services().launch(spec().build());

        assertThat(tokens).hasSize(2).allMatch(token -> token.matches("[A-Za-z0-9_-]{43}"));
        String shown = one + " " + one.state() + " " + one.client() + " " + host.records() + " "
                + host.node.containers() + " " + host.volumes() + " " + host.node.calls();
        assertThat(tokens).noneMatch(shown::contains);
    }

    @Test
    void launch_engineNeverAnswers_failsWithTheReasonAndLeavesNothing() {
        host.engine.answers(client -> {
            throw new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "nobody listens");
        });

        assertFails(() -> host.services().launch(spec().name("one").build()), ErrorCode.DEADLINE_EXCEEDED);

        host.settle();
        assertThat(host.node.containers()).isEmpty();
        assertThat(host.volumes()).isEmpty();
        assertThat(host.services().list("echo", null, 10).items())
                .singleElement()
                .satisfies(state -> {
                    assertThat(state.status()).isEqualTo(ServiceStatus.FAILED);
                    assertThat(state.reason()).contains("nobody listens");
                });
        host.engine.answers(client -> {});
        assertThat(host.services().launch(spec().name("one").build()).state().status())
                .isEqualTo(ServiceStatus.RUNNING);
    }

    @Test
    void launch_engineRefusesAtFirst_isTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        host.engine.answers(client -> {
            if (calls.incrementAndGet() < 4) {
                throw new OrchestratorException(ErrorCode.UNAUTHORIZED, "not yet");
            }
        });

        Echo echo = host.services().launch(spec().build());

        assertThat(echo.state().status()).isEqualTo(ServiceStatus.RUNNING);
        assertThat(calls).hasValue(5);
    }

    @Test
    void launch_imageVanished_takesTheNextOne() {
        host.cluster.pullable(image -> image.equals("echo:1"));

        Echo echo = host.services().launch(spec().build());

        assertThat(echo.state().status()).isEqualTo(ServiceStatus.RUNNING);
        assertThat(host.node.containers()).singleElement().satisfies(container -> assertThat(container.running())
                .isTrue());
        assertThat(host.orchestrator()
                        .containers()
                        .find(echo.state().containerId().orElseThrow()))
                .get()
                .satisfies(container ->
                        assertThat(container.state().spec().image()).isEqualTo("echo:1"));
        assertThat(host.volumes()).hasSize(1);
    }

    @Test
    void launch_noImageLeft_saysThatTheImageIsMissing() {
        host.cluster.pullable(image -> false);

        assertFails(() -> host.services().launch(spec().build()), ErrorCode.IMAGE_NOT_FOUND);

        assertThat(host.node.containers()).isEmpty();
        assertThat(host.volumes()).isEmpty();
    }

    @Test
    void launch_noNodeFits_failsAtOnce() {
        assertFails(() -> host.services().launch(spec().memoryMib(1_000_000).build()), ErrorCode.NO_NODE);
    }

    @Test
    void submit_sameIdempotencyKey_isTheSameService() {
        EchoSpec spec = spec().idempotencyKey("k").build();

        Echo first = host.services().launch(spec);
        Echo second = host.services().launch(spec);

        assertThat(second.id()).isEqualTo(first.id());
        assertThat(host.node.containers()).hasSize(1);
        assertFails(
                () -> host.services()
                        .submit(spec().idempotencyKey("k").memoryMib(64).build()),
                ErrorCode.IDEMPOTENCY_MISMATCH);
    }

    @Test
    void submit_nameTaken_isAConflictForThatOwnerOnly() {
        host.services().launch(spec().owner("alice").name("one").build());

        assertFails(
                () -> host.services().submit(spec().owner("alice").name("one").build()), ErrorCode.CONFLICT);
        assertThat(host.services()
                        .launch(spec().owner("bob").name("one").build())
                        .state()
                        .status())
                .isEqualTo(ServiceStatus.RUNNING);
    }

    @Test
    void engines_unknownOrGivenTwice_areRefused() {
        EchoEngine known = host.engine;

        assertFails(() -> new Engines(List.of()).require(known), ErrorCode.INVALID_ARGUMENT);
        assertFails(() -> new Engines(List.of(known, known)), ErrorCode.INVALID_ARGUMENT);
        assertFails(() -> ServiceLaunchers.create(host.orchestrator(), known), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void ownedBy_anotherOwnersService_doesNotExist() {
        Echo echo = host.services().launch(spec().owner("alice").build());

        ServiceLaunchers bob = host.services().ownedBy("bob");

        assertThat(bob.find(echo.id())).isEmpty();
        assertThat(bob.find(echo.id(), Echo.class)).isEmpty();
        assertThat(bob.list("echo", null, 10).items()).isEmpty();
        assertThat(host.services().ownedBy("alice").find(echo.id(), Echo.class)).isPresent();
        assertThat(bob.launch(spec().owner("alice").build()).state().owner()).isEqualTo("bob");
    }

    @Test
    void check_serviceTurnsBadAndGood_isObserved() {
        Echo echo = host.services().launch(spec().build());

        host.engine.answers(client -> {
            throw new OrchestratorException(ErrorCode.UNAUTHORIZED, "who are you");
        });
        ServiceHealth refused = echo.check().health();
        host.engine.answers(client -> {
            throw new IllegalStateException("a secret");
        });
        ServiceHealth broken = echo.check().health();
        host.engine.answers(client -> {});
        ServiceHealth good = echo.check().health();

        assertThat(refused.verdict()).isEqualTo(Verdict.UNAUTHORIZED);
        assertThat(refused.reason()).contains("who are you");
        assertThat(broken.verdict()).isEqualTo(Verdict.FAILING);
        assertThat(broken.reason()).doesNotContain("a secret");
        assertThat(good.healthy()).isTrue();
        assertThat(echo.state().health()).isEqualTo(good);
    }

    @Test
    void state_containerStoppedOrRemovedByItsOwner_isTold() {
        Echo echo = host.services().launch(spec().build());
        var container = host.orchestrator()
                .containers()
                .find(echo.state().containerId().orElseThrow())
                .orElseThrow();

        container.apply(Action.STOP);
        ServiceStatus stopped = echo.state().status();
        container.apply(Action.REMOVE);

        assertThat(stopped).isEqualTo(ServiceStatus.STOPPED);
        assertThat(echo.state().status()).isEqualTo(ServiceStatus.FAILED);
        assertThat(echo.state().reason()).contains("removed by somebody else");
        assertFails(echo::restart, ErrorCode.CONFLICT);
    }

    @Test
    void restart_runningService_restartsTheContainerOnceAndIsReadyAgain() {
        Echo echo = host.services().launch(spec().build());

        ServiceState state = echo.restart();

        assertThat(state.status()).isEqualTo(ServiceStatus.RUNNING);
        assertThat(host.orchestrator()
                        .containers()
                        .find(state.containerId().orElseThrow())
                        .orElseThrow()
                        .state()
                        .generation())
                .isEqualTo(2);
    }

    @Test
    void restart_serviceStaysSilent_failsKeepsItsDataAndCanBeTriedAgain() {
        Echo echo = host.services().launch(spec().build());
        host.engine.answers(client -> {
            throw new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "silent");
        });

        assertFails(echo::restart, ErrorCode.DEADLINE_EXCEEDED);

        assertThat(echo.state().status()).isEqualTo(ServiceStatus.FAILED);
        assertThat(host.volumes()).hasSize(1);
        host.engine.answers(client -> {});
        assertThat(echo.restart().status()).isEqualTo(ServiceStatus.RUNNING);
    }

    @Test
    void remove_dataDeleted_leavesNothingButATombstone() {
        Echo echo = host.services().launch(spec().name("one").build());

        ServiceState state = echo.remove();

        assertThat(state.status()).isEqualTo(ServiceStatus.REMOVED);
        assertThat(host.node.containers()).isEmpty();
        assertThat(host.volumes()).isEmpty();
        assertThat(host.services().find(echo.id())).isEmpty();
        assertThat(host.services().list("echo", null, 10).items()).isEmpty();
        assertThat(host.records()).singleElement().satisfies(record -> assertThat(record.body())
                .doesNotContain("credentials"));
        assertThat(echo.remove(VolumePolicy.DELETE).status()).isEqualTo(ServiceStatus.REMOVED);
    }

    @Test
    void remove_dataRetained_keepsTheVolume() {
        Echo echo = host.services().launch(spec().retain().build());

        echo.remove();

        assertThat(host.node.containers()).isEmpty();
        assertThat(host.volumes()).singleElement().asString().endsWith(echo.id().value());
    }

    @Test
    void cancel_launchUnderWay_removesWhatWasMade() {
        host.engine.answers(client -> {
            throw new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "silent");
        });
        Operation<Echo> launch = host.services().submit(spec().build());

        assertThat(launch.cancel()).isTrue();

        assertFails(() -> launch.await(EchoHost.SOON), ErrorCode.CANCELLED);
        host.settle();
        assertThat(host.node.containers()).isEmpty();
        assertThat(host.volumes()).isEmpty();
        assertThat(host.services().list("echo", null, 10).items()).isEmpty();
    }

    @Test
    void find_idOfAnotherForm_isRefusedAndUnknownIsEmpty() {
        assertFails(() -> ServiceId.of("echo-1"), ErrorCode.INVALID_ARGUMENT);
        assertThat(host.services().find(ServiceId.of("echo-" + "0".repeat(32)))).isEqualTo(Optional.empty());
    }

    private static void assertFails(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .asInstanceOf(type(OrchestratorException.class))
                .extracting(OrchestratorException::code)
                .isEqualTo(code);
    }
}
