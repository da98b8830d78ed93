package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.TerminalSize;
import io.orchestrator.terminal.CloseReason.Code;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs what docs/terminal.md shows. */
class TerminalGuideTest extends VirtualFixture {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final RecordingSocket socket = new RecordingSocket();
    private final SocketTerminal terminal = new SocketTerminal(socket);

    @Test
    void everySnippet_isPartOfThisCode() throws IOException {
        StringBuilder code = new StringBuilder();
        for (String type : List.of("Socket", "SocketTerminal", "TerminalGuideTest")) {
            code.append(Files.readString(Path.of("src/test/java/io/orchestrator/terminal/" + type + ".java")));
        }
        List<String> snippets = SNIPPET.matcher(Files.readString(Path.of("../docs/terminal.md")))
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(snippets).hasSizeGreaterThan(3);
        assertThat(snippets)
                .allSatisfy(snippet -> assertThat(packed(code.toString())).contains(packed(snippet)));
    }

    @Test
    void adapter_outputAndInput_passThrough() {
        connect(proxy, terminal, socket);
        runtime.settle();

        container.shell().print(text("hello"));
        terminal.onBinary(ByteBuffer.wrap(text("ls\n")));
        terminal.onResize(100, 30);
        runtime.settle();

        assertThat(socket.sent).containsExactly("hello");
        assertThat(container.shell().typed()).isEqualTo(text("ls\n"));
        assertThat(container.shell().sizes()).containsExactly(TerminalSize.of(100, 30));
        assertThat(socket.reads).isEqualTo(InputPump.WINDOW + 1);
    }

    @Test
    void adapter_sendsDoNotComplete_sendsNoMore() {
        connect(proxy, terminal, socket);
        socket.slow = true;

        container.shell().printForEver();
        runtime.settle();

        assertThat(socket.sent).hasSize(8);
        socket.complete(2);
        assertThat(socket.sent).hasSize(10);
    }

    @Test
    void adapter_sendFails_endsTheShell() {
        connect(proxy, terminal, socket);
        socket.broken = true;

        container.shell().print(text("hello"));
        runtime.settle();

        assertThat(container.shell().alive).isFalse();
    }

    @Test
    void adapter_socketClosedWhileOpening_endsTheShell() {
        container.starting = terminal::onClose;

        connect(proxy, terminal, socket);
        runtime.settle();

        assertThat(container.shell().alive).isFalse();
    }

    @Test
    void adapter_shellEnds_closesTheSocket() {
        connect(proxy, terminal, socket);

        container.shell().exit(0);
        runtime.settle();

        assertThat(socket.closed).containsExactly("1000 the shell ended with code 0");
    }

    @Test
    void adapter_refused_closesTheSocket() {
        proxy.close();

        connect(proxy, terminal, socket);

        assertThat(socket.closed).containsExactly("1001 the host is shutting down");
    }

    @Test
    void blockingHandler_waitsForDemand() {
        BlockingInput input = new BlockingInput();
        input.requestInput(2);

        assertThat(input.permits.tryAcquire(2)).isTrue();
        assertThat(input.permits.tryAcquire()).isFalse();
    }

    @Test
    void hostCloses_withAReasonOfItsOwn() {
        connect(proxy, terminal, socket);

        revoke(proxy, "alice");
        runtime.settle();

        assertThat(socket.closed).containsExactly("1008 the token was revoked");
    }

    @Test
    void limits_ofTheGuide_areAccepted() {
        TerminalLimits limits = TerminalLimits.builder()
                .sessions(200)
                .sessionsPerOwner(3)
                .idle(Duration.ofMinutes(10))
                .lifetime(Duration.ofHours(2))
                .build();
        TerminalProxy terminals = TerminalProxy.create(containers, runtime, limits);

        assertThat(terminals.sessions()).isEmpty();
        assertThat(limits.stuck()).isEqualTo(Duration.ofSeconds(10));
    }

    private void connect(TerminalProxy terminals, SocketTerminal client, Socket connection) {
        TerminalRequest request = TerminalRequest.builder(container.id)
                .size(TerminalSize.of(120, 40))
                .user("app")
                .build();
        try {
            terminals.open(request, client);
        } catch (TerminalRefusedException refused) {
            connection.close(
                    refused.reason().code().webSocketCode(), refused.reason().text());
        }
    }

    private static void revoke(TerminalProxy terminals, String owner) {
        for (TerminalSession session : terminals.sessions()) {
            if (session.info().owner().equals(owner)) {
                session.close(CloseReason.of(Code.HOST_CLOSED, "the token was revoked"));
            }
        }
    }

    /** The guide's adapter for handlers that can only block. */
    private static final class BlockingInput {
        private final Semaphore permits = new Semaphore(0);

        void requestInput(int messages) {
            permits.release(messages);
        }
    }

    private static final class RecordingSocket implements Socket {
        private final List<String> sent = new ArrayList<>();
        private final List<String> closed = new ArrayList<>();
        private final List<Runnable> underWay = new ArrayList<>();
        private boolean slow;
        private boolean broken;
        private int reads;

        void complete(int sends) {
            for (int i = 0; i < sends; i++) {
                underWay.remove(0).run();
            }
        }

        @Override
        public void send(ByteBuffer binary, Runnable whenSent, Consumer<Throwable> failed) {
            sent.add(StandardCharsets.UTF_8.decode(binary).toString());
            if (broken) {
                failed.accept(new IOException("reset"));
            } else if (slow) {
                underWay.add(whenSent);
            } else {
                whenSent.run();
            }
        }

        @Override
        public void read(int messages) {
            reads += messages;
        }

        @Override
        public void close(int code, String text) {
            closed.add(code + " " + text);
        }
    }

    private static String packed(String code) {
        return code.replaceAll("\\s+", "");
    }
}
