package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.terminal.CloseReason.Code;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Terminals through a whole orchestrator, into shells of machines in memory. */
class ClusterTerminalTest {
    private final FakeCluster cluster = FakeCluster.of(1);
    private final Orchestrator orchestrator =
            Orchestrator.builder("test").transport(cluster.transport()).build();
    private final TerminalProxy proxy = TerminalProxy.create(orchestrator);
    private final Container container = launch();
    private final RecordingClient client = RecordingClient.greedy(orchestrator.runtime());

    private Container launch() {
        cluster.specs().forEach(orchestrator.nodes()::register);
        return orchestrator
                .containers()
                .launch(ContainerSpec.builder("app").owner("alice").build());
    }

    @AfterEach
    void close() {
        proxy.close();
        orchestrator.close();
        cluster.close();
    }

    @Test
    void shell_typedInto_answersAndEndsWithItsCode() throws Exception {
        TerminalSession session = openSh();

        client.type(text("echo $TERM; stty size\n"));
        client.await(() -> client.text().contains("xterm-256color\r\n40 120\r\n"));
        session.resize(TerminalSize.of(99, 33));
        while (!client.text().contains("33 99\r\n")) {
            int before = client.text().length();
            client.type(text("stty size\n"));
            client.await(() -> client.text().substring(before).endsWith("\r\n$ "));
        }
        client.type(text("exit 3\n"));

        CloseReason reason = session.closed().get(20, TimeUnit.SECONDS);
        assertThat(reason.code()).isEqualTo(Code.SHELL_ENDED);
        assertThat(reason.exitCode()).hasValue(3);
        assertThat(reason.processesEnded()).isTrue();
    }

    @Test
    void shell_clientVanishesDuringEndlessOutput_isEnded() throws Exception {
        TerminalRequest endless =
                TerminalRequest.builder(container.id()).command("yes").build();
        cluster.command("yes", ClusterTerminalTest::yes);
        TerminalSession session = proxy.open(endless, client);
        client.await(() -> client.shown().length > 1 << 20);

        session.close();

        assertThat(session.closed().get(20, TimeUnit.SECONDS).processesEnded()).isTrue();
    }

    @Test
    void shell_stalledClient_resumesWithEveryByte() throws Exception {
        cluster.command("count", process -> {
            for (int i = 0; i < 200_000; i++) {
                process.output().write(text(i + "\n"));
            }
            return 0;
        });
        RecordingClient stalled = RecordingClient.byHand(orchestrator.runtime());
        TerminalRequest count =
                TerminalRequest.builder(container.id()).command("count").build();
        TerminalSession session = proxy.open(count, stalled);
        session.requestOutput(2);
        stalled.await(() -> stalled.outputs() == 2);

        session.requestOutput(Long.MAX_VALUE);

        assertThat(session.closed().get(60, TimeUnit.SECONDS).code()).isEqualTo(Code.SHELL_ENDED);
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            expected.append(i).append("\r\n");
        }
        assertThat(stalled.text()).isEqualTo(expected.toString());
    }

    @Test
    void container_removed_endsTheSessionAndRefusesTheNext() throws Exception {
        TerminalSession session = openSh();

        container.remove();

        assertThat(session.closed().get(20, TimeUnit.SECONDS).code()).isEqualTo(Code.CONTAINER_GONE);
        assertThatExceptionOfType(TerminalRefusedException.class)
                .isThrownBy(this::openSh)
                .satisfies(refused -> assertThat(refused.reason().code()).isEqualTo(Code.CONTAINER_GONE));
    }

    @Test
    void container_stopped_refusesASession() {
        container.stop();

        assertThatExceptionOfType(TerminalRefusedException.class)
                .isThrownBy(this::openSh)
                .satisfies(refused -> assertThat(refused.reason().code()).isEqualTo(Code.CONTAINER_GONE));
    }

    @Test
    void image_withoutShell_saysSo() throws Exception {
        cluster.command("sh", process -> {
            process.error().write(text("exec: \"sh\": executable file not found in $PATH"));
            return 127;
        });

        TerminalSession session = proxy.open(container.id(), TerminalSize.of(120, 40), client);

        assertThat(session.closed().get(20, TimeUnit.SECONDS).code()).isEqualTo(Code.NO_SHELL);
    }

    private TerminalSession openSh() {
        TerminalRequest request = TerminalRequest.builder(container.id())
                .command("sh")
                .size(TerminalSize.of(120, 40))
                .build();
        return proxy.open(request, client);
    }

    private static int yes(FakeProcess process) throws IOException {
        byte[] lines = text("y\n".repeat(500));
        while (true) {
            process.output().write(lines);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
