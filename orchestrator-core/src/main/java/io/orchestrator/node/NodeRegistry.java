package io.orchestrator.node;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.util.Optional;

/**
 * The machines of an installation. Registered nodes are probed periodically, side by side, each with its own deadline.
 *
 * <p>Thread-safe. Every method reads or writes the store; those that also wait for a node say so.
 */
public interface NodeRegistry {
    /**
     * Registers a node or updates the one with the same id, and waits for one probe (2 s at most).
     *
     * <p>A node that does not answer is registered all the same, as {@link NodeStatus#NEW} or {@link NodeStatus#SUSPECT}.
     *
     * @throws OrchestratorException {@link ErrorCode#INVALID_ARGUMENT} if no transport serves the scheme of its URI;
     *     {@link ErrorCode#CONFLICT} if the URI of a node that holds containers would change; {@link ErrorCode#BUSY} if
     *     another call has been registering or removing the same node for 30 s; {@link ErrorCode#PROTOCOL_ERROR} if its
     *     record cannot be read, as one of a newer version: remove it first
     */
    Registration register(NodeSpec spec);

    /**
     * The nodes by id, from the store: a page of at most {@code limit} (1 to 1000) after the cursor. A record that cannot be
     * read is left out, so a page may hold fewer and still have a next one.
     */
    Page<NodeState> list(Optional<String> cursor, int limit);

    /** The node with that id. */
    Optional<NodeState> find(NodeId id);

    /**
     * Probes the node now and waits for the answer (2 s at most).
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} for an unknown id
     */
    NodeState check(NodeId id);

    /**
     * Forgets a node that holds no containers; a second call for the same id does nothing.
     *
     * @throws OrchestratorException {@link ErrorCode#CONFLICT} while it holds containers, with their number; {@link
     *     ErrorCode#BUSY} if another call has been registering or removing it for 30 s
     */
    void remove(NodeId id);
}
