package io.orchestrator.container;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A container's output. Thread-safe. */
public interface ContainerLogs {
    /**
     * The last lines written so far; waits 30 s at most and holds 16 Mi characters at most, of which each line counts for
     * 64 more than it has; older lines beyond that are left out.
     *
     * @param lines 0 to 1,000,000
     * @throws OrchestratorException {@link ErrorCode#INVALID_ARGUMENT}; {@link ErrorCode#UNSUPPORTED} if the node has no logs; {@link ErrorCode#NODE_UNREACHABLE}
     */
    List<LogLine> tail(int lines);

    /**
     * Calls the listener with each line, from the first, on a thread of the library, until the container ends or the
     * stream is closed. A slow listener slows the reading, nothing is dropped. One that throws is called no more, and
     * {@link LogStream#awaitEnd} throws the same.
     */
    LogStream follow(Consumer<LogLine> listener);

    /** The raw bytes with back-pressure; returns at once. The subscriber is called on a thread of the library, one call at a time. */
    void open(LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber);
}
