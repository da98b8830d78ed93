package io.orchestrator.internal.node;

import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeState;
import io.orchestrator.spi.NodeTransport;
import java.util.List;
import java.util.Optional;

/** What the rest of the core asks of the registry; answered from memory. */
public interface Nodes {
    /** Every node, sorted by id. */
    List<NodeState> states();

    /** The node's state. */
    Optional<NodeState> state(NodeId id);

    /**
     * The connection to a node.
     *
     * @throws io.orchestrator.operation.OrchestratorException if the node is not registered
     */
    NodeTransport transport(NodeId id);
}
