package io.orchestrator.container;

import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a container at one moment, as stored.
 *
 * @param id the container's id
 * @param spec what was asked
 * @param node the node that holds it
 * @param desired what its owner wants
 * @param status what was last observed
 * @param generation counts its starts and restarts
 * @param restarts how often its restart policy started it in a row, without its owner
 * @param ports its published ports; reserved before it runs
 * @param createdAt when its launch was stored
 * @param engineId the engine's own id, once the engine made it
 * @param exitCode how it ended, while it is stopped or failed
 * @param reason why it is not running, for a person; empty while it runs
 * @param failure why its launch was given up, for a program; empty unless it was
 * @param operation what it is in the middle of
 */
public record ContainerState(
        ContainerId id,
        ContainerSpec spec,
        NodeId node,
        Desired desired,
        ContainerStatus status,
        long generation,
        long restarts,
        List<PublishedPort> ports,
        Instant createdAt,
        Optional<String> engineId,
        OptionalInt exitCode,
        String reason,
        Optional<ErrorCode> failure,
        Optional<OperationId> operation) {
    public ContainerState {
        ports = List.copyOf(ports);
    }
}
