package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.terminal.CloseReason.Code;
import io.orchestrator.terminal.FakeContainers.FakeContainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The same sessions on real threads: what one thread at a time cannot show. */
class TerminalThreadsTest {
    private final CountingRuntime runtime = new CountingRuntime();
    private final FakeContainers containers = new FakeContainers(runtime);
    private final TerminalLimits limits =
            TerminalLimits.builder().sessionsPerOwner(100).build();
    private final TerminalProxy proxy = TerminalProxy.create(containers, runtime, limits);

    @AfterEach
    void close() {
        proxy.close();
        runtime.close();
    }

    @Test
    void bothDirections_atOnceInThreeSessions_areExact() {
        List<RecordingClient> clients = new ArrayList<>();
        List<FakeContainer> shells = new ArrayList<>();
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FakeContainer container = containers.run("alice");
            RecordingClient client = RecordingClient.greedy(runtime);
            byte[] payload = new byte[1 << 20];
            new Random(i).nextBytes(payload);
            proxy.open(container.id, TerminalSize.DEFAULT, client);
            runtime.execute("printing", () -> printInPieces(container.shell(), payload));
            runtime.execute("typing", () -> typeInPieces(client, payload));
            clients.add(client);
            shells.add(container);
            payloads.add(payload);
        }

        for (int i = 0; i < 3; i++) {
            RecordingClient client = clients.get(i);
            FakeShell shell = shells.get(i).shell();
            byte[] payload = payloads.get(i);
            client.await(() -> client.shown().length >= payload.length);
            shell.await(() -> shell.typed().length >= payload.length);
            assertThat(client.shown()).isEqualTo(payload);
            assertThat(shell.typed()).isEqualTo(payload);
        }
    }

    @Test
    void demandFromOtherThreads_losesAndReordersNothing() {
        FakeContainer container = containers.run("alice");
        RecordingClient client = RecordingClient.byHand(runtime);
        byte[] payload = new byte[1 << 20];
        new Random(5).nextBytes(payload);
        TerminalSession session = proxy.open(container.id, TerminalSize.DEFAULT, client);

        runtime.execute("printing", () -> printInPieces(container.shell(), payload));
        for (int thread = 0; thread < 4; thread++) {
            runtime.execute("asking", () -> {
                for (int i = 0; i < 2_000; i++) {
                    session.requestOutput(1);
                }
            });
        }

        client.await(() -> client.shown().length >= payload.length);
        assertThat(client.shown()).isEqualTo(payload);
    }

    @Test
    void resizeStorm_tellsTheNodeOneAtATimeAndTheLastAtTheEnd() {
        FakeContainer container = containers.run("alice");
        TerminalSession session = proxy.open(container.id, TerminalSize.DEFAULT, RecordingClient.greedy(runtime));
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FakeShell shell = container.shell();
        shell.resizing = () -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            // ask again while this one is under way: the storm does not wait for the node
            if (shell.sizes().size() < 50) {
                session.resize(TerminalSize.of(1, shell.sizes().size() + 1));
            }
            underWay.decrementAndGet();
        };

        for (int i = 0; i < 10_000; i++) {
            session.resize(TerminalSize.of(80 + i % 40, 24));
        }
        shell.await(() -> shell.sizes().size() >= 50);
        session.resize(TerminalSize.of(999, 99));

        shell.await(() -> shell.sizes().contains(TerminalSize.of(999, 99)));
        assertThat(most).hasValue(1);
        assertThat(shell.sizes().get(shell.sizes().size() - 1)).isEqualTo(TerminalSize.of(999, 99));
    }

    @Test
    void closeProxy_fiftySessionsInEveryCondition_leavesNoTaskTimerOrShell() {
        List<TerminalSession> sessions = new ArrayList<>();
        List<FakeContainer> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            FakeContainer container = containers.run("owner-" + i % 3);
            boolean stalled = i % 2 == 0;
            RecordingClient client = stalled ? RecordingClient.byHand(runtime) : RecordingClient.greedy(runtime);
            sessions.add(proxy.open(container.id, TerminalSize.DEFAULT, client));
            FakeShell shell = container.shell();
            shell.reads = i % 3 != 0;
            client.type(new byte[1_000]);
            if (stalled) {
                shell.printForEver();
            } else {
                shell.print(new byte[1_000]);
            }
            all.add(container);
        }

        proxy.close();

        assertThat(sessions).allSatisfy(session -> {
            CloseReason reason = session.closed().get(5, TimeUnit.SECONDS);
            assertThat(reason.code()).isEqualTo(Code.PROXY_CLOSED);
            assertThat(reason.processesEnded()).isTrue();
        });
        assertThat(all).noneMatch(container -> container.shell().alive);
        assertThat(runtime.awaitNothingLeft()).as("nothing is left").isTrue();
    }

    @Test
    void idleSessions_holdNoThread() {
        for (int i = 0; i < 100; i++) {
            FakeContainer container = containers.run("alice");
            RecordingClient client = RecordingClient.greedy(runtime);
            proxy.open(container.id, TerminalSize.DEFAULT, client);
            client.type(new byte[] {1});
            FakeShell shell = container.shell();
            shell.await(() -> shell.typed().length == 1);
            client.await(() -> client.inputDemand() == InputPump.WINDOW);
        }

        assertThat(runtime.tasks()).isLessThanOrEqualTo(1);
    }

    @Test
    void ends_fromAllSidesAtOnce_tellTheClientOnce() throws Exception {
        for (int round = 0; round < 200; round++) {
            FakeContainer container = containers.run("alice");
            RecordingClient client = RecordingClient.greedy(runtime);
            TerminalSession session = proxy.open(container.id, TerminalSize.DEFAULT, client);
            FakeShell shell = container.shell();

            runtime.execute("side", () -> shell.exit(0));
            runtime.execute("side", session::close);
            runtime.execute("side", () -> shell.lose(new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "gone")));
            runtime.execute("side", () -> session.close(CloseReason.of(Code.HOST_CLOSED, "enough")));

            CloseReason reason = session.closed().get(20, TimeUnit.SECONDS);
            assertThat(client.reasons()).extracting(CloseReason::code).containsExactly(reason.code());
            assertThat(shell.alive).isFalse();
        }
        assertThat(proxy.sessions()).isEmpty();
    }

    @Test
    void runtimeClosedFirst_sessionEndsAllTheSame() {
        FakeContainer container = containers.run("alice");
        RecordingClient client = RecordingClient.greedy(runtime);
        TerminalSession session = proxy.open(container.id, TerminalSize.DEFAULT, client);
        runtime.close();

        container.shell().print(new byte[] {1});
        session.close();

        assertThat(session.closed()).isCompletedWithValueMatching(CloseReason::processesEnded);
        assertThat(container.shell().alive).isFalse();
        assertThat(client.shown()).containsExactly(1);
        assertThat(client.reasons()).hasSize(1);
    }

    private static void printInPieces(FakeShell shell, byte[] payload) {
        for (int at = 0, size = 1; at < payload.length; at += size, size = size * 5 % 40_000 + 1) {
            shell.print(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + size)));
        }
    }

    private static void typeInPieces(RecordingClient client, byte[] payload) {
        for (int at = 0, size = 1; at < payload.length; at += size, size = size * 7 % 60_000 + 1) {
            client.type(Arrays.copyOfRange(payload, at, Math.min(payload.length, at + size)));
        }
    }
}
