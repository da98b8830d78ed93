package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.terminal.CloseReason.Code;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TerminalOutputTest extends VirtualFixture {
    @Test
    void output_randomBytes_arriveExactlyAndInSmallChunks() {
        byte[] random = new byte[1 << 20];
        new Random(7).nextBytes(random);
        RecordingClient client = greedy();
        open(client);

        container.shell().print(random);

        assertThat(client.shown()).isEqualTo(random);
        assertThat(client.largest()).isLessThanOrEqualTo(OutputChunk.MAX_BYTES);
    }

    @Test
    void output_characterSplitOverChunks_isNotTouched() {
        byte[] euro = text("€");
        RecordingClient client = greedy();
        open(client);

        for (byte part : euro) {
            container.shell().print(new byte[] {part});
        }

        assertThat(client.outputs()).isEqualTo(3);
        assertThat(client.text()).isEqualTo("€");
    }

    @Test
    void output_clientWithoutDemand_holdsTheShellBackAndThenComesWhole() {
        byte[] random = new byte[1 << 20];
        new Random(8).nextBytes(random);
        RecordingClient client = byHand();
        TerminalSession session = open(client);

        container.shell().print(random);

        assertThat(client.outputs()).isZero();
        assertThat(container.shell().delivered()).isLessThanOrEqualTo(256 * 1024);
        session.requestOutput(3);
        assertThat(client.outputs()).isEqualTo(3);
        session.requestOutput(Long.MAX_VALUE);
        session.requestOutput(Long.MAX_VALUE);
        assertThat(client.shown()).isEqualTo(random);
    }

    @Test
    void output_endlessToStalledClient_isHeldBackAndTheClientClosedAfterTenSeconds() {
        RecordingClient client = byHand();
        TerminalSession session = open(client);

        container.shell().printForEver();
        runtime.advance(Duration.ofMillis(9_999));

        assertThat(session.closed()).isNotDone();
        assertThat(container.shell().delivered()).isLessThanOrEqualTo(256 * 1024);
        runtime.advance(Duration.ofMillis(1));
        assertThat(codeOf(session)).isEqualTo(Code.CLIENT_STUCK);
        assertThat(client.reasons()).extracting(CloseReason::code).containsExactly(Code.CLIENT_STUCK);
        assertThat(container.shell().alive).isFalse();
    }

    @Test
    void output_clientThatTakesSomeInTime_isNotStuck() {
        RecordingClient client = byHand();
        TerminalSession session = open(client);
        container.shell().printForEver();

        for (int i = 0; i < 10; i++) {
            runtime.advance(Duration.ofSeconds(9));
            session.requestOutput(1);
        }

        assertThat(session.closed()).isNotDone();
        assertThat(client.outputs()).isEqualTo(10);
    }

    @Test
    void output_nothingWaiting_aClientWithoutDemandIsNotStuck() {
        TerminalSession session = open(byHand());

        runtime.advance(Duration.ofMinutes(1));

        assertThat(session.closed()).isNotDone();
    }

    @Test
    void output_clientThrows_endsTheSession() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        client.onOutput = () -> {
            throw new IllegalStateException("the socket is gone");
        };

        container.shell().print(text("hello"));
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.CLIENT_CLOSED);
        assertThat(container.shell().alive).isFalse();
    }

    @Test
    void output_nodeSendsMoreThanRequested_endsTheSession() {
        TerminalSession session = open(byHand());

        for (int i = 0; i < 100; i++) {
            container.shell().breakProtocol();
        }
        runtime.settle();
        session.requestOutput(100);
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.NODE_LOST);
    }

    @Test
    void output_afterTheEnd_isNotDelivered() {
        RecordingClient client = byHand();
        TerminalSession session = open(client);
        container.shell().print(text("never seen"));

        session.close();
        runtime.settle();
        session.requestOutput(10);

        assertThat(client.outputs()).isZero();
        assertThat(client.reasons()).hasSize(1);
    }

    @Test
    void requestOutput_lessThanOne_isRefused() {
        TerminalSession session = open(byHand());

        assertThatThrownBy(() -> session.requestOutput(0))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("less than 1");
    }
}
