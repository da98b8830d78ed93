package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.terminal.CloseReason.Code;
import io.orchestrator.transport.process.DevProcessTransport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Terminals into real shells on real pseudo-terminals of this machine. */
class ProcessTerminalTest {
    private static final Pattern PIDS = Pattern.compile("pids (\\d+) (\\d+) (\\d+)\\.");

    private final Orchestrator orchestrator =
            Orchestrator.builder("test").transport(DevProcessTransport.create()).build();
    private final TerminalProxy proxy = TerminalProxy.create(orchestrator);
    private final RecordingClient client = RecordingClient.greedy(orchestrator.runtime());

    @TempDir
    Path directory;

    private Container container;

    @BeforeEach
    void launch() {
        orchestrator.nodes().register(NodeSpec.of("dev", URI.create("dev-process:" + directory)));
        container = orchestrator
                .containers()
                .launch(ContainerSpec.builder("ubuntu").owner("alice").build());
    }

    @AfterEach
    void close() {
        proxy.close();
        container.remove();
        orchestrator.close();
    }

    @Test
    void probedShell_isInteractiveHasItsSizeAndEndsWithItsCode() throws Exception {
        TerminalSession session = proxy.open(container.id(), TerminalSize.of(120, 40), client);

        client.type(text("tty >/dev/null && stty size && echo \"[$TERM]\"\n"));
        client.await(() -> client.text().contains("[xterm-256color]\r\n"));
        assertThat(client.text()).contains("40 120\r\n");
        client.type(text("exit 7\n"));

        CloseReason reason = session.closed().get(20, TimeUnit.SECONDS);
        assertThat(reason.code()).isEqualTo(Code.SHELL_ENDED);
        assertThat(reason.exitCode()).hasValue(7);
        assertThat(reason.processesEnded()).isTrue();
    }

    @Test
    void resize_reachesTheProgram() {
        TerminalSession session = open("trap 'stty size' WINCH; echo ready; while :; do read line; done");
        client.await(() -> client.text().contains("ready\r\n"));

        session.resize(TerminalSize.of(133, 44));

        client.await(() -> client.text().contains("44 133\r\n"));
    }

    @Test
    void rawTerminal_oneMebibyteBothWays_isExact() {
        byte[] random = new byte[1 << 20];
        new Random(11).nextBytes(random);
        byte[] begin = text("ready");
        open("stty raw -echo; printf ready; exec cat");
        client.await(() -> client.shown().length == begin.length);

        for (int at = 0, size = 1; at < random.length; at += size, size = size * 7 % 60_000 + 1) {
            client.type(Arrays.copyOfRange(random, at, Math.min(random.length, at + size)));
        }

        client.await(() -> client.shown().length == begin.length + random.length);
        assertThat(Arrays.copyOfRange(client.shown(), begin.length, client.shown().length))
                .isEqualTo(random);
    }

    @Test
    void splitCharacter_typedInTwoHalves_isWhole() {
        byte[] euro = text("€");
        open("stty raw -echo; printf ready; exec cat");
        client.await(() -> client.text().equals("ready"));

        client.type(Arrays.copyOfRange(euro, 0, 1));
        client.type(Arrays.copyOfRange(euro, 1, 3));

        client.await(() -> client.text().equals("ready€"));
    }

    @Test
    void clientVanishes_everyProcessOfTheSessionIsDead() throws Exception {
        TerminalSession session = open("setsid sleep 1000 & a=$!; nohup sleep 1000 >/dev/null 2>&1 & b=$!;"
                + " echo \"pids $$ $a $b.\"; sleep 1000");
        client.await(() -> PIDS.matcher(client.text()).find());
        Matcher pids = PIDS.matcher(client.text());
        assertThat(pids.find()).isTrue();
        List<String> processes = List.of(pids.group(1), pids.group(2), pids.group(3));
        assertThat(processes).allMatch(ProcessTerminalTest::runs);

        session.close();

        assertThat(session.closed().get(20, TimeUnit.SECONDS).processesEnded()).isTrue();
        assertThat(processes).noneMatch(ProcessTerminalTest::runs);
    }

    @Test
    void endlessOutput_stalledClient_getsOnlyWhatItAskedForAndEndsCleanly() throws Exception {
        RecordingClient stalled = RecordingClient.byHand(orchestrator.runtime());
        TerminalRequest yes =
                TerminalRequest.builder(container.id()).command("yes").build();
        TerminalSession session = proxy.open(yes, stalled);
        session.requestOutput(200);
        stalled.await(() -> stalled.outputs() == 200);

        session.close();

        assertThat(session.closed().get(20, TimeUnit.SECONDS).processesEnded()).isTrue();
        assertThat(stalled.outputs()).isEqualTo(200);
        assertThat(stalled.text()).matches("(?s)y\r\ny\r\n.*");
    }

    @Test
    void containerStopped_sessionEnds() throws Exception {
        TerminalSession session = open("echo ready; sleep 1000");
        client.await(() -> client.text().contains("ready"));

        container.stop();

        assertThat(session.closed().get(20, TimeUnit.SECONDS).code()).isEqualTo(Code.CONTAINER_GONE);
    }

    private TerminalSession open(String script) {
        return proxy.open(
                TerminalRequest.builder(container.id())
                        .command("sh", "-c", script)
                        .build(),
                client);
    }

    /** A dead process that nobody waited for has no command any more. */
    private static boolean runs(String pid) {
        return ProcessHandle.of(Long.parseLong(pid))
                .filter(process -> process.info().command().isPresent())
                .isPresent();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
