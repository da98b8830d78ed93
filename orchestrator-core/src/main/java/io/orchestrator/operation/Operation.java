package io.orchestrator.operation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Durable work in progress: its intent is stored before this handle exists, and it goes on after a crash of the host.
 *
 * <p>Thread-safe. A handle is a view: dropping it changes nothing.
 *
 * @param <T> what the operation yields
 */
public interface Operation<T> {
    /** The operation's id. */
    OperationId id();

    /** The record that the operation changes. */
    RecordKey target();

    /** The latest progress known to this process; does not block. */
    Progress progress();

    /** Calls the listener with each later progress, on the driving thread; a listener that throws is logged and ignored. */
    void onProgress(Consumer<Progress> listener);

    /**
     * Blocks until the operation ended.
     *
     * @throws OrchestratorException with the operation's own reason when it failed, or with
     *     {@link ErrorCode#DEADLINE_EXCEEDED} when the timeout passed first; the operation then goes on
     */
    T await(Duration timeout);

    /**
     * Asks to end the operation and to take back what it made; returns without waiting.
     *
     * @return whether the request was accepted; false once the operation ended or where it cannot be taken back
     */
    boolean cancel();

    /** A future that ends with this operation. Completing or cancelling the future does not touch the operation. */
    CompletableFuture<T> toFuture();
}
