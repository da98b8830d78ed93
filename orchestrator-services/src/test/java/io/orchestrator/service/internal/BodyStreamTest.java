package io.orchestrator.service.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.testing.SettableRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BodyStreamTest {
    private final SettableRuntime runtime = SettableRuntime.create();
    private final CallContext call = CallContext.startingNow(runtime::nanoTime, Duration.ofMinutes(10));
    private final BodyStream stream = new BodyStream(runtime, call, Duration.ofSeconds(30), "download of 'a'");
    private final AtomicInteger requested = new AtomicInteger();
    private final AtomicBoolean cancelled = new AtomicBoolean();

    @BeforeEach
    void subscribe() {
        stream.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                requested.addAndGet((int) count);
            }

            @Override
            public void cancel() {
                cancelled.set(true);
            }
        });
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private void arrives(String text) {
        stream.onNext(List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static ErrorCode failure(ThrowingCallable read) {
        return catchThrowableOfType(OrchestratorException.class, read).code();
    }

    /** Reads on another thread, and moves time on once that thread waits. */
    private ErrorCode readWhile(Duration passes) {
        CompletableFuture<ErrorCode> outcome = new CompletableFuture<>();
        runtime.execute("reader", () -> outcome.complete(failure(stream::read)));
        while (runtime.waiting() == 0) {
            Thread.onSpinWait();
        }
        runtime.advance(passes);
        return outcome.join();
    }

    @Test
    void read_piecesArrive_areGivenInOrderAndAskedForOneByOne() throws IOException {
        arrives("ab");
        arrives("c");
        stream.onComplete();

        assertThat(stream.readAllBytes()).asString().isEqualTo("abc");
        assertThat(stream.count()).isEqualTo(3);
        assertThat(requested).hasValue(0);
        stream.close();
        assertThat(cancelled).isFalse();
    }

    /** The client hands the answer over before it subscribes to its body, so a reader may be the first. */
    @Test
    void read_beforeTheBodyBegan_asksForItOnceItBegins() {
        BodyStream early = new BodyStream(runtime, call, Duration.ofSeconds(30), "list");
        CompletableFuture<Integer> first = new CompletableFuture<>();
        runtime.execute("reader", () -> first.complete(early.read()));
        while (runtime.waiting() == 0) {
            Thread.onSpinWait();
        }

        early.onSubscribe(new Flow.Subscription() {
            @Override
            public void request(long count) {
                early.onNext(List.of(ByteBuffer.wrap(new byte[] {7})));
                early.onComplete();
            }

            @Override
            public void cancel() {}
        });

        assertThat(first.orTimeout(30, TimeUnit.SECONDS).join()).isEqualTo(7);
    }

    @Test
    void read_nothingArrives_isCutAfterTheIdleTime() {
        assertThat(readWhile(Duration.ofSeconds(31))).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);

        assertThat(requested).hasValue(1);
        assertThat(cancelled).isTrue();
    }

    @Test
    void deadline_nobodyReads_cutsAllTheSame() {
        arrives("ab");

        runtime.advance(Duration.ofMinutes(11));

        assertThat(cancelled).isTrue();
        assertThat(failure(stream::read)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void cancel_ofTheCall_cuts() {
        call.cancel();

        assertThat(cancelled).isTrue();
        assertThat(failure(stream::read)).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void error_ofTheConnection_isNamedByItsTypeOnly() {
        stream.onError(new IOException("a secret"));

        OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, stream::read);
        assertThat(failure.code()).isEqualTo(ErrorCode.NODE_UNREACHABLE);
        assertThat(failure).hasMessageNotContaining("a secret").hasNoCause();
    }

    @Test
    void close_beforeTheEnd_cancelsTheRest() {
        stream.close();

        assertThat(cancelled).isTrue();
        assertThat(failure(stream::read)).isEqualTo(ErrorCode.CLOSED);
    }
}
