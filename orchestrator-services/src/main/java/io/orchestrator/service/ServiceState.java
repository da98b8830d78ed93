package io.orchestrator.service;

import io.orchestrator.container.ContainerId;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.OperationId;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a service at one moment, as stored. Holds no credential.
 *
 * @param id the service's id
 * @param engine the name of the engine that serves it
 * @param name its display name
 * @param owner the tenant
 * @param status how it stands
 * @param endpoint where it is reached; without credentials
 * @param containerId its container, once one was submitted
 * @param node where its container was placed
 * @param health what the last call to it showed
 * @param reason why it is not running, for a person; empty while it runs
 * @param createdAt when its launch was stored
 * @param operation what it is in the middle of
 */
public record ServiceState(
        ServiceId id,
        String engine,
        Optional<String> name,
        String owner,
        ServiceStatus status,
        Optional<URI> endpoint,
        Optional<ContainerId> containerId,
        Optional<NodeId> node,
        ServiceHealth health,
        String reason,
        Instant createdAt,
        Optional<OperationId> operation) {}
