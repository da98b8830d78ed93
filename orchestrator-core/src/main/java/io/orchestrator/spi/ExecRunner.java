package io.orchestrator.spi;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.concurrent.Flow;

/** The ability of a node to run a command in a running container, on pipes or on a terminal. */
public interface ExecRunner {
    /**
     * Starts the command and returns once it runs. Never holds more than 256 KiB of output that was not requested.
     *
     * @param call bounds the start only, not the session
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND}; {@link ErrorCode#CONFLICT} if the container does not run.
     *     A command that cannot be run is not an exception: it ends with exit code 126 or 127
     */
    ExecSession exec(CallContext call, String engineId, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber);
}
