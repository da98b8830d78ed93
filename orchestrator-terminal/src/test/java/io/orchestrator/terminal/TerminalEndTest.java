package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.terminal.CloseReason.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalEndTest extends VirtualFixture {
    @Test
    void shellEnds_codeAndLastOutputAreTold() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        container.shell().print(text("logout\r\n"));

        container.shell().exit(3);
        runtime.settle();

        CloseReason reason = reasonOf(session);
        assertThat(reason.code()).isEqualTo(Code.SHELL_ENDED);
        assertThat(reason.code().webSocketCode()).isEqualTo(1000);
        assertThat(reason.exitCode()).hasValue(3);
        assertThat(reason.processesEnded()).isTrue();
        assertThat(client.text()).isEqualTo("logout\r\n");
        assertThat(client.reasons()).singleElement().satisfies(told -> {
            assertThat(told.exitCode()).hasValue(3);
            assertThat(told.processesEnded()).isFalse();
        });
        assertThat(proxy.sessions()).isEmpty();
    }

    @Test
    void shellEnds_clientHasNotTakenEverything_endsOnlyAfterTheLastByte() {
        RecordingClient client = byHand();
        TerminalSession session = open(client);
        container.shell().print(text("last words"));
        container.shell().exit(0);
        runtime.advance(Duration.ofSeconds(5));
        assertThat(session.closed()).isNotDone();

        session.requestOutput(1);
        runtime.settle();

        assertThat(client.text()).isEqualTo("last words");
        assertThat(codeOf(session)).isEqualTo(Code.SHELL_ENDED);
    }

    @Test
    void shellEnds_exitCodeNeverComes_endsWithoutItAfterOneSecond() {
        TerminalSession session = open(greedy());

        container.shell().hangUp();
        runtime.advance(Duration.ofSeconds(1));

        assertThat(codeOf(session)).isEqualTo(Code.SHELL_ENDED);
        assertThat(reasonOf(session).exitCode()).isEmpty();
        assertThat(container.shell().alive).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {126, 127})
    void shellEnds_notFoundBeforeAnythingWasTyped_saysThatTheImageHasNone(int code) {
        TerminalSession session = open(greedy());
        container.shell().print(text("exec failed: sh: no such file"));

        container.shell().exit(code);
        runtime.settle();

        CloseReason reason = reasonOf(session);
        assertThat(reason.code()).isEqualTo(Code.NO_SHELL);
        assertThat(reason.text()).isEqualTo("the image has no shell: neither bash nor sh can be run");
    }

    @Test
    void shellEnds_userTypedExit127_isAnOrdinaryEnd() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        container.shell().print(text("$ "));
        client.type(text("exit 127\n"));
        runtime.settle();

        container.shell().exit(127);
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.SHELL_ENDED);
        assertThat(reasonOf(session).exitCode()).hasValue(127);
    }

    @Test
    void shellEnds_ownCommandNotFound_isAnOrdinaryEnd() {
        TerminalRequest request =
                TerminalRequest.builder(container.id).command("htop").build();
        TerminalSession session = proxy.open(request, greedy());

        container.shell().exit(127);
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.SHELL_ENDED);
    }

    @Test
    void close_clientVanished_theShellIsKilledAndTheClientTold() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);

        session.close();
        runtime.settle();

        assertThat(container.shell().alive).isFalse();
        assertThat(reasonOf(session)).satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(Code.CLIENT_CLOSED);
            assertThat(reason.processesEnded()).isTrue();
        });
        assertThat(client.reasons()).hasSize(1);
        // the proxy looks after containers until it sees that no session is left
        runtime.advance(Duration.ofSeconds(4));
        assertThat(runtime.timers()).as("timers left").isZero();
    }

    @Test
    void close_nodeDoesNotConfirm_saysSo() {
        TerminalSession session = open(greedy());
        container.shell().confirmsDeath = false;

        session.close();
        runtime.settle();

        CloseReason reason = reasonOf(session);
        assertThat(reason.processesEnded()).isFalse();
        assertThat(reason.text()).isEqualTo("the client went away; its processes may still run");
    }

    @Test
    void close_twoReasons_theFirstCounts() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);

        session.close(CloseReason.of(Code.HOST_CLOSED, "the token was revoked"));
        session.close();
        runtime.settle();

        assertThat(client.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.code()).isEqualTo(Code.HOST_CLOSED);
            assertThat(reason.text()).isEqualTo("the token was revoked");
        });
    }

    @Test
    void nodeLost_midSession_clientIsToldWithoutTheNodesWords() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        container.shell().print(text("half a li"));

        container.shell().lose(new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "10.1.2.3 refused"));
        runtime.settle();

        CloseReason reason = reasonOf(session);
        assertThat(reason.code()).isEqualTo(Code.NODE_LOST);
        assertThat(reason.code().webSocketCode()).isEqualTo(1011);
        assertThat(reason.text()).contains(container.id.value()).doesNotContain("10.1.2.3");
        assertThat(client.text()).isEqualTo("half a li");
        assertThat(client.reasons()).hasSize(1);
    }

    @Test
    void nodeLost_onlyTheStoreKnows_isSeenWithinFiveSeconds() {
        TerminalSession session = open(greedy());

        container.status = ContainerStatus.UNKNOWN;
        runtime.advance(Duration.ofSeconds(5));

        assertThat(codeOf(session)).isEqualTo(Code.NODE_LOST);
    }

    @Test
    void containerRemoved_sessionEndsWithinFiveSeconds() {
        TerminalSession session = open(greedy());
        runtime.advance(Duration.ofMinutes(1));

        container.desired = Desired.REMOVED;
        runtime.advance(Duration.ofSeconds(5));

        assertThat(codeOf(session)).isEqualTo(Code.CONTAINER_GONE);
        assertThat(reasonOf(session).text()).endsWith("was removed");
    }

    @Test
    void containerForgotten_sessionEndsWithinFiveSeconds() {
        TerminalSession session = open(greedy());

        containers.forget(container.id);
        runtime.advance(Duration.ofSeconds(5));

        assertThat(codeOf(session)).isEqualTo(Code.CONTAINER_GONE);
    }

    @Test
    void containerStopped_shellsEndTellsWhy() {
        TerminalSession session = open(greedy());

        container.desired = Desired.STOPPED;
        container.shell().exit(137);
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.CONTAINER_GONE);
        assertThat(reasonOf(session).text()).endsWith("was stopped");
    }

    @Test
    void idle_nothingForHalfAnHour_endsTheSession() {
        TerminalSession session = open(greedy());

        runtime.advance(Duration.ofMinutes(30).minusMillis(1));

        assertThat(session.closed()).isNotDone();
        runtime.advance(Duration.ofMillis(1));
        assertThat(codeOf(session)).isEqualTo(Code.IDLE);
    }

    @Test
    void idle_anyByteEitherWay_countsAsActivity() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);

        for (int i = 0; i < 4; i++) {
            runtime.advance(Duration.ofMinutes(20));
            client.type(text("x"));
            runtime.advance(Duration.ofMinutes(20));
            container.shell().print(text("x"));
        }

        assertThat(session.closed()).isNotDone();
    }

    @Test
    void lifetime_busyForEightHours_endsTheSession() {
        TerminalSession session = open(greedy());

        for (int minutes = 20; minutes < 480; minutes += 20) {
            runtime.advance(Duration.ofMinutes(20));
            container.shell().print(text("tick"));
        }
        assertThat(session.closed()).isNotDone();
        runtime.advance(Duration.ofMinutes(20));

        assertThat(codeOf(session)).isEqualTo(Code.LIFETIME);
    }
}
