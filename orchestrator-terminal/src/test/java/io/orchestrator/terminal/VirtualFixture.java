package io.orchestrator.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.TerminalSize;
import io.orchestrator.terminal.CloseReason.Code;
import io.orchestrator.terminal.FakeContainers.FakeContainer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;

/** One proxy on virtual time, one container, and a way to open terminals into it. */
abstract class VirtualFixture {
    static final TerminalSize SIZE = TerminalSize.of(120, 40);

    final VirtualRuntime runtime = new VirtualRuntime();
    final FakeContainers containers = new FakeContainers(runtime);
    final TerminalProxy proxy = TerminalProxy.create(containers, runtime, TerminalLimits.defaults());
    final FakeContainer container = containers.run("alice");

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    TerminalSession open(TerminalClient client) {
        TerminalSession session = proxy.open(container.id, SIZE, client);
        runtime.settle();
        return session;
    }

    RecordingClient greedy() {
        return RecordingClient.greedy(runtime);
    }

    RecordingClient byHand() {
        return RecordingClient.byHand(runtime);
    }

    static Code codeOf(TerminalSession session) {
        return reasonOf(session).code();
    }

    /** Fails instead of waiting: on virtual time nothing comes by itself. */
    static CloseReason reasonOf(TerminalSession session) {
        assertThat(session.closed()).isCompleted();
        return session.closed().join();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
