package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Waiter;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Taking the engine's frames apart, and giving output only as it is asked for. */
class OutputTest extends EngineFixture {
    private static final String HEAD = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Type: application/vnd.docker.raw-stream",
            "Transfer-Encoding: chunked",
            "",
            "");

    @Test
    void logs_framesSplitAtEveryByte_areTakenApart() {
        String frames = frame(1, "out") + frame(2, "err") + frame(1, "") + frame(0, "in") + frame(1, "put");
        StringBuilder answer = new StringBuilder(HEAD);
        for (int i = 0; i < frames.length(); i++) {
            answer.append("1\r\n").append(frames.charAt(i)).append("\r\n");
        }
        engine().answering(answer.append("0\r\n\r\n").toString());

        Recorder recorder = open(call(), Long.MAX_VALUE);

        assertThat(recorder.awaitEnd()).isNull();
        assertThat(recorder.text(StreamKind.STDOUT)).isEqualTo("outinput");
        assertThat(recorder.text(StreamKind.STDERR)).isEqualTo("err");
    }

    @Test
    void logs_largeFrame_comesInSmallChunks() {
        String text = "0123456789".repeat(20_000);
        engine().answering(HEAD + chunk(frame(1, text)) + "0\r\n\r\n");

        Recorder recorder = open(call(), Long.MAX_VALUE);

        assertThat(recorder.awaitEnd()).isNull();
        assertThat(recorder.text(StreamKind.STDOUT)).isEqualTo(text);
        assertThat(recorder.largest()).isBetween(1, OutputChunk.MAX_BYTES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain text without frames",
                "\3\0\0\0\0\0\0\1x",
                "\1\0\1\0\0\0\0\1x",
                "\1\0\0\0\u00ff\u00ff\u00ff\u00ffx",
                "\1\0\0\0\0\0",
                "\1\0\0\0\0\0\0\5abc"
            })
    void logs_brokenFrames_endWithAProtocolError(String frames) {
        engine().answering(HEAD + chunk(frames) + "0\r\n\r\n");

        Throwable failure = open(call(), Long.MAX_VALUE).awaitEnd();

        assertThat(failure).isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                .isEqualTo(ErrorCode.PROTOCOL_ERROR));
    }

    @Test
    void logs_connectionLost_endWithAnErrorAndNotSilently() {
        engine().answeringAndClosing(HEAD + chunk(frame(1, "begun")));

        Recorder recorder = open(call(), Long.MAX_VALUE);

        assertThat(recorder.awaitEnd()).isInstanceOf(OrchestratorException.class);
        assertThat(recorder.text(StreamKind.STDOUT)).isEqualTo("begun");
    }

    @Test
    void logs_callDeadlineAfterTheFirstByte_doesNotEndTheStream() {
        engine().script((request, peer) -> {
            peer.send(HEAD + chunk(frame(1, "first")));
            peer.pause(Duration.ofMillis(600));
            peer.send(chunk(frame(1, "later")) + "0\r\n\r\n");
        });

        Recorder recorder = open(call(Duration.ofMillis(300)), Long.MAX_VALUE);

        assertThat(recorder.awaitEnd()).isNull();
        assertThat(recorder.text(StreamKind.STDOUT)).isEqualTo("firstlater");
    }

    @Test
    void logs_silentEngine_endAtTheCallsDeadline() {
        engine().script((request, peer) -> peer.hang());

        Throwable failure = open(call(Duration.ofMillis(300)), Long.MAX_VALUE).awaitEnd();

        assertThat(failure).isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                .isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
    }

    @Test
    void logs_requestOfNothing_endsWithIllegalArgument() {
        engine().script((request, peer) -> peer.send(HEAD + chunk(frame(1, "x"))));

        assertThat(open(call(), 0).awaitEnd()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void logs_cancelledBySubscriber_closesTheConnection() {
        engine().script((request, peer) -> {
            peer.send(HEAD + chunk(frame(1, "x")));
            peer.hang();
        });
        Recorder recorder = open(call(), 1);
        recorder.awaitText("x");

        recorder.cancel();

        assertThat(engine().awaitEnded(1)).isTrue();
        assertThat(recorder.ended()).isFalse();
    }

    private Recorder open(CallContext call, long demand) {
        Recorder recorder = new Recorder(runtime().waiter(), demand);
        node().logs(call, ID, LogQuery.following(), recorder);
        return recorder;
    }

    private static String frame(int stream, String text) {
        int length = text.length();
        return "" + (char) stream + "\0\0\0" + (char) (length >> 24 & 255) + (char) (length >> 16 & 255)
                + (char) (length >> 8 & 255) + (char) (length & 255) + text;
    }

    private static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }

    private static final class Recorder implements Flow.Subscriber<OutputChunk> {
        private final Waiter waiter;
        private final long demand;
        private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        private volatile int largest;
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;
        private volatile Flow.@Nullable Subscription subscription;

        Recorder(Waiter waiter, long demand) {
            this.waiter = waiter;
            this.demand = demand;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(demand);
        }

        @Override
        public void onNext(OutputChunk chunk) {
            byte[] bytes = new byte[chunk.bytes().remaining()];
            chunk.bytes().get(bytes);
            largest = Math.max(largest, bytes.length);
            of(chunk.stream()).writeBytes(bytes);
            waiter.wake();
        }

        @Override
        public void onError(Throwable thrown) {
            failure = thrown;
            onComplete();
        }

        @Override
        public void onComplete() {
            ended = true;
            waiter.wake();
        }

        void cancel() {
            Flow.Subscription current = subscription;
            if (current != null) {
                current.cancel();
            }
        }

        boolean ended() {
            return ended;
        }

        int largest() {
            return largest;
        }

        private ByteArrayOutputStream of(StreamKind stream) {
            return stream == StreamKind.STDOUT ? stdout : stderr;
        }

        String text(StreamKind stream) {
            return of(stream).toString(StandardCharsets.ISO_8859_1);
        }

        void awaitText(String text) {
            assertThat(waiter.await(() -> text(StreamKind.STDOUT).contains(text), Duration.ofSeconds(10)))
                    .isTrue();
        }

        @Nullable
        Throwable awaitEnd() {
            assertThat(waiter.await(() -> ended, Duration.ofSeconds(10)))
                    .as("ended")
                    .isTrue();
            return failure;
        }
    }
}
