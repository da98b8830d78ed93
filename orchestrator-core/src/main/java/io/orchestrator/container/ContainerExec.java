package io.orchestrator.container;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Flow;

/** Runs commands in one container. Thread-safe. */
public interface ContainerExec {
    /**
     * Runs a command without input and collects what it writes.
     *
     * @param timeout after which the command and all it started are killed
     * @throws OrchestratorException {@link ErrorCode#DEADLINE_EXCEEDED}; {@link ErrorCode#UNSUPPORTED} if the node runs
     *     no commands; {@link ErrorCode#CONFLICT} if the container does not run
     */
    default ExecResult run(ExecSpec spec, Duration timeout) {
        return run(spec, InputStream.nullInputStream(), timeout);
    }

    /**
     * Runs a command with the whole of the stream as its input, which is read on the calling thread and not closed.
     *
     * @param timeout after which the command and all it started are killed, even while a read of the input blocks; this
     *     method then throws once that read returned
     */
    ExecResult run(ExecSpec spec, InputStream input, Duration timeout);

    /**
     * Starts a command and returns once it runs; waits 30 s at most.
     *
     * @param subscriber gets the output with back-pressure, on a thread of the library, one call at a time
     */
    ExecSession open(ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber);
}
