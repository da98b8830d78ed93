package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLogs;
import io.orchestrator.container.LogLine;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.LogStream;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.LogSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A container's output as its node has it. */
record NodeLogs(ContainerId id, Containers containers) implements ContainerLogs {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long MAX_CHARACTERS = 16 << 20;
    /** What the objects around a line's characters take, so that empty lines have a limit too. */
    private static final int LINE_COST = 64;

    @Override
    public List<LogLine> tail(int lines) {
        if (lines < 0) {
            throw OrchestratorException.invalid("a tail of " + lines + " lines is not 0 to " + LogQuery.MAX_TAIL);
        }
        Tail tail = new Tail();
        LineSplitter splitter = new LineSplitter(tail);
        Collector collector = new Collector(containers.runtime, splitter::add, splitter::end);
        open(LogQuery.tail(lines), collector);
        if (!collector.awaitEnd(TIMEOUT)) {
            collector.cancel();
            throw new OrchestratorException(
                    ErrorCode.DEADLINE_EXCEEDED, "the logs of container '" + id + "' did not end within " + TIMEOUT);
        }
        return List.copyOf(tail.lines);
    }

    @Override
    public LogStream follow(Consumer<LogLine> listener) {
        LineSplitter splitter = new LineSplitter(listener);
        Collector collector = new Collector(containers.runtime, splitter::add, splitter::end);
        open(LogQuery.following(), collector);
        return new LogStream() {
            @Override
            public boolean awaitEnd(Duration timeout) {
                return collector.awaitEnd(timeout);
            }

            @Override
            public void close() {
                collector.cancel();
            }
        };
    }

    @Override
    public void open(LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber) {
        StoredContainer container = containers.read(id);
        String engineId = containers.engineId(container);
        CallContext call = CallContext.startingNow(containers.runtime::nanoTime, TIMEOUT);
        containers.ability(container, LogSource.class).logs(call, engineId, query, subscriber);
    }

    /** The last lines that fit the limit. */
    private static final class Tail implements Consumer<LogLine> {
        private final ArrayDeque<LogLine> lines = new ArrayDeque<>();
        private long characters;

        @Override
        public void accept(LogLine line) {
            lines.add(line);
            characters += cost(line);
            while (characters > MAX_CHARACTERS) {
                characters -= cost(lines.remove());
            }
        }

        private static int cost(LogLine line) {
            return line.text().length() + LINE_COST;
        }
    }
}
