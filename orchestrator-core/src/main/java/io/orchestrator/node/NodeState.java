package io.orchestrator.node;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a node at one moment.
 *
 * @param spec what was registered
 * @param status what is believed of it
 * @param registeredAt when it was first registered
 * @param lastSeen when it last answered a probe
 * @param lastCheck when it was last probed
 * @param report what it said of itself then
 * @param reason why it is not ready; empty when it is
 */
public record NodeState(
        NodeSpec spec,
        NodeStatus status,
        Instant registeredAt,
        Optional<Instant> lastSeen,
        Optional<Instant> lastCheck,
        Optional<NodeReport> report,
        String reason) {
    public NodeId id() {
        return spec.id();
    }

    /** Whether the last probe succeeded. */
    public boolean healthy() {
        return status == NodeStatus.READY;
    }
}
