package io.orchestrator.container;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A command that runs in a container, with its input and size. Output goes to the subscriber it was opened with. Thread-safe. */
public interface ExecSession extends AutoCloseable {
    /**
     * Writes to the command's input and blocks until all of it was taken over, which is the back-pressure.
     *
     * @throws OrchestratorException {@link ErrorCode#DEADLINE_EXCEEDED} if that took longer than the timeout: the session
     *     is then unusable and must be closed; {@link ErrorCode#CLOSED} if the command or the session has ended
     */
    void write(ByteBuffer bytes, Duration timeout);

    /** Ends the command's input while its output goes on; idempotent. A terminal's input is ended by typing Ctrl-D instead. */
    void closeInput();

    /** Changes the terminal's size; without a terminal does nothing. Waits for the node 10 s at most. */
    void resize(TerminalSize size);

    /** Completes with the exit code once the command ended and all of its output was delivered; or with why that is not known. */
    CompletableFuture<Integer> exit();

    /**
     * Ends the command and every process it started, and returns when none is left, 10 s at most. Idempotent.
     *
     * @throws OrchestratorException {@link ErrorCode#OUTCOME_UNKNOWN} if the node did not confirm it
     */
    @Override
    void close();
}
