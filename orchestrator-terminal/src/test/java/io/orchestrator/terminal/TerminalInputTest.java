package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.TerminalSize;
import io.orchestrator.terminal.CloseReason.Code;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TerminalInputTest extends VirtualFixture {
    @Test
    void input_randomBytes_arriveExactly() {
        byte[] random = new byte[1 << 20];
        new Random(9).nextBytes(random);
        RecordingClient client = greedy();
        open(client);

        for (int at = 0, size = 1; at < random.length; at += size, size = (size * 7) % 60_000 + 1) {
            client.type(Arrays.copyOfRange(random, at, Math.min(random.length, at + size)));
        }
        runtime.settle();

        assertThat(container.shell().typed()).isEqualTo(random);
    }

    @Test
    void input_callerReusesItsBuffer_theShellGetsWhatWasTyped() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        ByteBuffer reused = ByteBuffer.wrap(text("first"));

        session.input(reused);
        reused.put(0, text("other"));
        runtime.settle();

        assertThat(container.shell().typed()).isEqualTo(text("first"));
    }

    @Test
    void input_shellDoesNotRead_clientIsNotAskedForMore() {
        RecordingClient client = greedy();
        open(client);
        container.shell().reads = false;
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        byte[] message = new byte[TerminalSession.MAX_INPUT_BYTES];

        int messages = 0;
        while (client.inputDemand() > 0) {
            Arrays.fill(message, (byte) messages++);
            client.type(message);
            sent.writeBytes(message);
        }

        assertThat(sent.size()).isLessThanOrEqualTo(256 * 1024);
        container.shell().startReading();
        runtime.settle();
        assertThat(container.shell().typed()).isEqualTo(sent.toByteArray());
        assertThat(client.inputDemand()).isEqualTo(messages);
    }

    @Test
    void input_oneMoreThanRequested_endsTheSession() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        container.shell().reads = false;
        while (client.inputDemand() > 0) {
            client.type(text("x"));
        }
        assertThat(session.closed()).isNotDone();

        session.input(ByteBuffer.wrap(text("x")));
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.CLIENT_FLOODED);
    }

    @Test
    void input_messageOverItsLimit_endsTheSession() {
        TerminalSession session = open(greedy());

        session.input(ByteBuffer.allocate(TerminalSession.MAX_INPUT_BYTES + 1));
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.MESSAGE_TOO_BIG);
        assertThat(reasonOf(session).code().webSocketCode()).isEqualTo(1009);
        assertThat(container.shell().typed()).isEmpty();
    }

    @Test
    void input_emptyMessage_isAskedForAgain() {
        RecordingClient client = greedy();
        open(client);
        int window = client.inputDemand();

        client.type(new byte[0]);
        runtime.settle();

        assertThat(client.inputDemand()).isEqualTo(window);
    }

    @Test
    void input_afterTheEnd_isIgnored() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        session.close();
        runtime.settle();

        for (int i = 0; i < 100; i++) {
            session.input(ByteBuffer.wrap(text("late")));
        }
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.CLIENT_CLOSED);
        assertThat(container.shell().typed()).isEmpty();
    }

    @Test
    void input_writeUnderWayAtTheEnd_isReleased() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        container.shell().reads = false;
        client.type(text("never read"));

        session.close();
        runtime.settle();

        assertThat(codeOf(session)).isEqualTo(Code.CLIENT_CLOSED);
        assertThat(container.shell().typed()).isEmpty();
    }

    @Test
    void resize_manyBeforeTheNodeTookOne_tellsOnlyTheLast() {
        TerminalSession session = open(greedy());

        for (int i = 1; i <= 10_000; i++) {
            session.resize(TerminalSize.of(i % 1_000, 24));
        }
        session.resize(TerminalSize.of(99, 33));
        runtime.settle();

        assertThat(container.shell().sizes()).containsExactly(TerminalSize.of(99, 33));
    }

    @Test
    void resize_whileOneIsUnderWay_isSentAfterIt() {
        TerminalSession session = open(greedy());
        FakeShell shell = container.shell();
        shell.resizing = () -> {
            shell.resizing = () -> {};
            session.resize(TerminalSize.of(2, 2));
            session.resize(TerminalSize.of(3, 3));
        };

        session.resize(TerminalSize.of(1, 1));
        runtime.settle();

        assertThat(shell.sizes()).containsExactly(TerminalSize.of(1, 1), TerminalSize.of(3, 3));
    }

    @Test
    void resize_nodeFails_theSessionGoesOn() {
        RecordingClient client = greedy();
        TerminalSession session = open(client);
        container.shell().resizing = () -> {
            throw new IllegalStateException("no terminal");
        };

        session.resize(SIZE);
        runtime.advance(Duration.ofMinutes(1));
        container.shell().print(text("still here"));

        assertThat(client.text()).isEqualTo("still here");
        assertThat(session.closed()).isNotDone();
    }
}
