package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands whose start was sent but not confirmed: the engine may begin them whenever it likes. */
class UnconfirmedExecTest extends EngineFixture {
    private static final Duration SHORT = Duration.ofSeconds(1);
    /** The engine begins the command so late that only this killer finds it. */
    private static final int LATE = 3;
    /** After that killer, before the next and after it. */
    private static final int LOOKS_UNTIL_SURE = 3;

    private static final String ENDED = "{\"Running\":false,\"ExitCode\":137}";
    private static final String NOT_BEGUN = "{\"Running\":false,\"ExitCode\":null}";

    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger killers = new AtomicInteger();
    private final AtomicInteger looksAfterItsEnd = new AtomicInteger();

    static Stream<Arguments> answers() {
        ScriptedEngine.Script none = (request, peer) -> peer.hang();
        ScriptedEngine.Script strange = (request, peer) -> peer.send("SSH-2.0-OpenSSH_9.6\r\n\r\n");
        ScriptedEngine.Script page =
                (request, peer) -> peer.send(answer(502, "text/html", "<html>a gateway is not an engine</html>"));
        return Stream.of(
                Arguments.of("none", none, ErrorCode.OUTCOME_UNKNOWN),
                Arguments.of("no HTTP", strange, ErrorCode.PROTOCOL_ERROR),
                Arguments.of("a page", page, ErrorCode.PROTOCOL_ERROR));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void exec_startNotConfirmed_isKilledUntilTheEngineTellsItsEnd(
            String name, ScriptedEngine.Script answerToStart, ErrorCode code) {
        Waiter waiter = runtime().waiter();
        knowing((request, peer) -> {
            if (request.contains("/exec/e1/start")) {
                answerToStart.answer(request, peer);
            } else {
                killing(request, peer);
            }
            waiter.wake();
        });

        node().inspect(call(), ID);
        OrchestratorException failure =
                failureOf(() -> node().exec(call(SHORT), ID, ExecSpec.of("sleep", "1000"), new Nobody()));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(waiter.await(() -> looksAfterItsEnd.get() == LOOKS_UNTIL_SURE, Duration.ofSeconds(10)))
                .as("killed until it ended")
                .isTrue();
        // the one during which it began, and one more for what it may have started before that one could see it
        assertThat(killers).hasValue(LATE + 1);
    }

    private void killing(String request, ScriptedEngine.Peer peer) throws IOException {
        if (request.contains("/containers/" + ID + "/exec ")) {
            peer.send(json(201, "{\"Id\":\"e" + made.incrementAndGet() + "\"}"));
        } else if (request.contains("/start ")) {
            killers.incrementAndGet();
            peer.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
            peer.close();
        } else if (request.contains("/exec/e1/json ") && killers.get() < LATE) {
            peer.send(json(200, NOT_BEGUN));
        } else if (request.contains("/exec/e1/json ")) {
            looksAfterItsEnd.incrementAndGet();
            peer.send(json(200, ENDED));
        } else {
            peer.send(json(200, "{\"Running\":false,\"ExitCode\":0}"));
        }
    }

    private static final class Nobody implements Flow.Subscriber<OutputChunk> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(OutputChunk chunk) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
