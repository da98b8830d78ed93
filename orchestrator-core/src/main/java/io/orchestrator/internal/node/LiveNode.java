package io.orchestrator.internal.node;

import io.orchestrator.node.NodeState;
import io.orchestrator.spi.NodeTransport;

/** A node as this process knows it: guarded by the registry's lock, except for the transport, which never changes. */
final class LiveNode {
    final NodeTransport transport;
    NodeState state;
    /** Probes that failed in a row. */
    int misses;
    /** A probe is under way; a second is not begun. */
    boolean probing;
    /** Counts finished probes, so that a waiting check knows that a later one ended. */
    long probes;

    LiveNode(NodeTransport transport, NodeState state) {
        this.transport = transport;
        this.state = state;
    }
}
