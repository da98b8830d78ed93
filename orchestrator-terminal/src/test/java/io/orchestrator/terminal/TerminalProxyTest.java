package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.terminal.CloseReason.Code;
import io.orchestrator.terminal.FakeContainers.FakeContainer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalProxyTest extends VirtualFixture {
    @Test
    void open_noCommand_looksForAShellInOneExec() {
        TerminalSession session = open(greedy());

        ExecSpec spec = container.shell().spec;
        assertThat(spec.command()).startsWith("sh", "-c").hasSize(3);
        assertThat(spec.terminal()).hasValue(SIZE);
        assertThat(environment(spec)).containsEntry("TERM", "xterm-256color");
        assertThat(spec.user()).isEmpty();
        assertThat(session.info().container()).isEqualTo(container.id);
        assertThat(session.info().owner()).isEqualTo("alice");
        assertThat(session.info().id()).matches("[0-9a-f]{32}");
        assertThat(proxy.sessions()).containsExactly(session);
    }

    @Test
    void open_everyPartGiven_isPassedOn() {
        TerminalRequest request = TerminalRequest.builder(container.id)
                .command("psql", "-U", "app")
                .env("TERM", "dumb")
                .env("LANG", "C")
                .user("app:app")
                .workingDirectory("/srv")
                .build();

        proxy.open(request, greedy());

        ExecSpec spec = container.shell().spec;
        assertThat(spec.command()).containsExactly("psql", "-U", "app");
        assertThat(environment(spec)).containsEntry("TERM", "dumb");
        assertThat(environment(spec)).containsEntry("LANG", "C");
        assertThat(spec.user()).hasValue("app:app");
        assertThat(spec.workingDirectory()).hasValue("/srv");
    }

    @Test
    void build_badUser_isRefused() {
        TerminalRequest.Builder request = TerminalRequest.builder(container.id).user("a b");

        assertThatThrownBy(request::build).isInstanceOf(OrchestratorException.class);
    }

    @Test
    void open_unknownContainer_isRefusedWithoutCallingTheClient() {
        RecordingClient client = greedy();
        ContainerId unknown = ContainerId.of("z".repeat(26));

        assertThatExceptionOfType(TerminalRefusedException.class)
                .isThrownBy(() -> proxy.open(unknown, SIZE, client))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND);
                    assertThat(refused.reason().code()).isEqualTo(Code.CONTAINER_GONE);
                });
        assertThat(client.reasons()).isEmpty();
        assertThat(client.inputDemand()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "CONFLICT, CONTAINER_GONE",
        "NOT_FOUND, CONTAINER_GONE",
        "NODE_UNREACHABLE, NODE_LOST",
        "DEADLINE_EXCEEDED, NODE_LOST",
        "UNSUPPORTED, REFUSED",
        "ENGINE_ERROR, REFUSED",
        "CLOSED, PROXY_CLOSED"
    })
    void open_nodeRefuses_saysWhyAndGivesThePlaceBack(ErrorCode answer, Code told) {
        container.refusal = new OrchestratorException(answer, "10.1.2.3 said no");

        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(TerminalRefusedException.class)
                    .isThrownBy(() -> open(greedy()))
                    .satisfies(refused -> {
                        assertThat(refused.code()).isEqualTo(answer);
                        assertThat(refused.reason().code()).isEqualTo(told);
                        assertThat(refused.reason().text()).doesNotContain("10.1.2.3");
                    });
        }

        container.refusal = null;
        assertThat(open(greedy()).closed()).isNotDone();
    }

    @Test
    void open_sixthOfAnOwner_isRefusedAndTheOthersGoOn() {
        List<RecordingClient> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(greedy());
            open(clients.get(i));
        }

        assertThatExceptionOfType(TerminalRefusedException.class)
                .isThrownBy(() -> open(greedy()))
                .satisfies(refused -> {
                    assertThat(refused.retryable()).isTrue();
                    assertThat(refused.reason().code()).isEqualTo(Code.LIMIT);
                    assertThat(refused.reason().code().webSocketCode()).isEqualTo(1013);
                });

        container.shells.forEach(shell -> shell.print(text("fine")));
        assertThat(clients).extracting(RecordingClient::text).containsOnly("fine");
        FakeContainer other = containers.run("bob");
        assertThat(proxy.open(other.id, SIZE, greedy()).closed()).isNotDone();
    }

    @Test
    void open_afterOneOfFiveEnded_isPossibleAgain() {
        List<TerminalSession> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(open(greedy()));
        }

        sessions.get(2).close();
        runtime.settle();

        assertThat(open(greedy()).closed()).isNotDone();
        assertThat(proxy.sessions()).hasSize(5);
    }

    @Test
    void open_overTheLimitInAll_isRefused() {
        TerminalLimits two = TerminalLimits.builder().sessions(2).build();
        try (TerminalProxy small = TerminalProxy.create(containers, runtime, two)) {
            small.open(containers.run("a").id, SIZE, greedy());
            small.open(containers.run("b").id, SIZE, greedy());
            ContainerId third = containers.run("c").id;

            assertThatExceptionOfType(TerminalRefusedException.class)
                    .isThrownBy(() -> small.open(third, SIZE, greedy()))
                    .satisfies(refused -> assertThat(refused.reason().code()).isEqualTo(Code.LIMIT));
            assertThat(small.sessions()).hasSize(2);
        }
    }

    @Test
    void open_clientThrowsFromOpened_endsTheSession() {
        RecordingClient inner = greedy();
        TerminalClient throwing = new ForwardingClient(inner) {
            @Override
            public void opened(TerminalSession session) {
                throw new IllegalStateException("no");
            }
        };

        TerminalSession session = open(throwing);

        assertThat(codeOf(session)).isEqualTo(Code.CLIENT_CLOSED);
        assertThat(container.shell().alive).isFalse();
        assertThat(inner.reasons()).hasSize(1);
    }

    @Test
    void close_openSessions_areEndedAndTheirClientsTold() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);

        proxy.close();
        proxy.close();

        assertThat(container.shell().alive).isFalse();
        assertThat(reasonOf(session).code().webSocketCode()).isEqualTo(1001);
        assertThat(client.reasons()).extracting(CloseReason::code).containsExactly(Code.PROXY_CLOSED);
        assertThat(proxy.sessions()).isEmpty();
        assertThat(runtime.timers()).as("timers left").isZero();
        assertThatThrownBy(() -> open(greedy())).isInstanceOf(TerminalRefusedException.class);
    }

    @Test
    void close_whileASessionIsBeingOpened_leavesNoShellBehind() {
        RecordingClient client = greedy();
        container.starting = () -> {
            // the proxy waits for this very place, so it closes after its 15 s
            Duration before = Duration.ofNanos(runtime.nanoTime());
            proxy.close();
            assertThat(Duration.ofNanos(runtime.nanoTime()).minus(before)).isEqualTo(Duration.ofSeconds(15));
        };

        assertThatExceptionOfType(TerminalRefusedException.class)
                .isThrownBy(() -> open(client))
                .satisfies(refused -> assertThat(refused.reason().code()).isEqualTo(Code.PROXY_CLOSED));
        runtime.settle();

        assertThat(container.shell().alive).isFalse();
        assertThat(client.reasons()).isEmpty();
        assertThat(proxy.sessions()).isEmpty();
    }

    @Test
    void limits_outsideTheirRange_areRefused() {
        assertThatThrownBy(() -> TerminalLimits.builder().sessions(0).build()).hasMessageContaining("'sessions' is 0");
        assertThatThrownBy(() -> TerminalLimits.builder().idle(Duration.ZERO).build())
                .hasMessageContaining("'idle'");
    }

    @Test
    void closeReason_anyText_fitsACloseFrame() {
        CloseReason reason = CloseReason.of(Code.HOST_CLOSED, "grüße\n" + "x".repeat(1_000));

        assertThat(reason.text()).hasSize(123).startsWith("gr??e?x");
    }

    private static Map<String, String> environment(ExecSpec spec) {
        return spec.environment().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().reveal()));
    }

    private static class ForwardingClient implements TerminalClient {
        private final TerminalClient to;

        ForwardingClient(TerminalClient to) {
            this.to = to;
        }

        @Override
        public void opened(TerminalSession session) {
            to.opened(session);
        }

        @Override
        public void output(ByteBuffer bytes) {
            to.output(bytes);
        }

        @Override
        public void requestInput(int messages) {
            to.requestInput(messages);
        }

        @Override
        public void closed(CloseReason reason) {
            to.closed(reason);
        }
    }
}
