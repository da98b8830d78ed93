package io.orchestrator.terminal;

import io.orchestrator.container.ContainerId;
import io.orchestrator.container.TerminalSize;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * One open terminal. Thread-safe; no method blocks. After its end every method but {@link #closed} does nothing.
 *
 * <p>At most 256 KiB are held in either direction.
 */
public interface TerminalSession extends AutoCloseable {
    /** The most bytes that one message of input may hold. */
    int MAX_INPUT_BYTES = 65_536;

    /** What this session is; holds nothing that was typed or shown. */
    Info info();

    /**
     * Says that the client takes so many more chunks of output.
     *
     * @throws io.orchestrator.operation.OrchestratorException {@link
     *     io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT} if that is less than 1
     */
    void requestOutput(long chunks);

    /**
     * Types the bytes; they are copied, so the caller keeps the buffer. More messages than {@link
     * TerminalClient#requestInput} asked for, or one over {@link #MAX_INPUT_BYTES}, end the session.
     */
    void input(ByteBuffer bytes);

    /** Tells the terminal its new size. Any number of calls may come: the node is told the latest, one call at a time. */
    void resize(TerminalSize size);

    /** Ends the session for a reason of the host's own; the first reason given is the one that counts. */
    void close(CloseReason reason);

    /** Ends the session because its client went away, and with it every process it started. */
    @Override
    void close();

    /**
     * Completes after the end, once the client was told and the node confirmed that no process of the session is left, or did not confirm it in
     * 10 s; {@link CloseReason#processesEnded} tells which. Completing or cancelling it does not touch the session.
     */
    CompletableFuture<CloseReason> closed();

    /**
     * What a session is.
     *
     * @param id 32 hexadecimal digits, unpredictable
     * @param container where its shell runs
     * @param owner the container's owner, whose limit it counts against
     * @param openedAt wall time, for people to read
     */
    record Info(String id, ContainerId container, String owner, Instant openedAt) {}
}
