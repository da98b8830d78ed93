package io.orchestrator.container;

import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.List;

/**
 * Keeps the records and the nodes in agreement: every ready node is listed, then its records are read, and what differs is
 * looked at again, stored, driven or removed.
 *
 * <p>It runs by itself every 5 s or a 40th of a second for each node, whichever is longer, a fifth more or less. What it
 * removes is proved deleted by a record: a tombstone, or a launch that was given up. What it cannot explain it leaves alone
 * and reports. Thread-safe.
 */
public interface Reconciler {
    /**
     * Compares a node with its records now. Blocks for a minute at most, and 10 s more for each record that differs.
     *
     * @throws OrchestratorException {@link ErrorCode#NOT_FOUND} if the node is not registered; the transport's reason if it
     *     does not answer, and nothing is then concluded
     */
    Reconciliation reconcile(NodeId node);

    /**
     * What carries this installation's label and no record explains, as of the last comparison of each node, by node and
     * engine id. The library never removes it; look at it and remove it by hand.
     */
    List<Stray> strays();
}
