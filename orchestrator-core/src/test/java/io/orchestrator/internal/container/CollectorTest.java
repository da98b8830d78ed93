package io.orchestrator.internal.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.container.LogLine;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.testing.SettableRuntime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CollectorTest {
    private static final String LAST_LINE = "refused";

    private final SettableRuntime runtime = SettableRuntime.create();
    private final List<String> lines = new ArrayList<>();
    private final Source source = new Source();

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void onComplete_lineWithoutEnd_isDeliveredBeforeTheEnd() {
        Collector collector = collector(line -> lines.add(line.text()));

        collector.onNext(chunk("one\ntwo"));
        collector.onComplete();

        assertThat(collector.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(lines).containsExactly("one", "two");
        assertThat(source.requested).isEqualTo(2);
    }

    /** The thread that cancels is not the one that delivers, which may be in the middle of the same line. */
    @Test
    void cancel_lineWithoutEnd_isNotDeliveredByTheCancellingThread() {
        Collector collector = collector(line -> lines.add(line.text()));
        collector.onNext(chunk("one\ntwo"));

        collector.cancel();
        collector.onNext(chunk(" and more\n"));
        collector.onComplete();

        assertThat(collector.awaitEnd(Duration.ZERO)).isTrue();
        assertThat(lines).containsExactly("one");
        assertThat(source.cancelled).isTrue();
    }

    @Test
    void onNext_consumerThrows_endsTheOutputWithIt() {
        Collector collector = collector(this::refuseTheLast);

        collector.onNext(chunk("one\n" + LAST_LINE + "\nthree"));
        collector.onNext(chunk("four\n"));

        assertThat(source.cancelled).isTrue();
        assertThatThrownBy(() -> collector.awaitEnd(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
        assertThat(lines).containsExactly("one");
    }

    @Test
    void onComplete_consumerThrows_endsTheOutputWithIt() {
        Collector collector = collector(this::refuseTheLast);

        collector.onNext(chunk("one\n" + LAST_LINE));
        collector.onComplete();

        assertThatThrownBy(() -> collector.awaitEnd(Duration.ZERO)).isInstanceOf(IllegalStateException.class);
    }

    private Collector collector(Consumer<LogLine> listener) {
        LineSplitter splitter = new LineSplitter(listener);
        Collector collector = new Collector(runtime, splitter::add, splitter::end);
        collector.onSubscribe(source);
        return collector;
    }

    private void refuseTheLast(LogLine line) {
        if (line.text().equals(LAST_LINE)) {
            throw new IllegalStateException("no more");
        }
        lines.add(line.text());
    }

    private static OutputChunk chunk(String text) {
        return new OutputChunk(StreamKind.STDOUT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static final class Source implements Flow.Subscription {
        private long requested;
        private boolean cancelled;

        @Override
        public void request(long count) {
            requested += count;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }
}
