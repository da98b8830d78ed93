package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;

/**
 * A wish to publish a container's port.
 *
 * @param containerPort 1 to 65535
 * @param protocol TCP or UDP
 * @param hostPort the host port wanted, or 0 for any free one of the node's range
 */
public record PortRequest(int containerPort, Protocol protocol, int hostPort) {
    public PortRequest {
        if (containerPort < 1 || containerPort > 65_535) {
            throw OrchestratorException.invalid("container port " + containerPort + " is not 1 to 65535");
        }
        if (hostPort != 0 && (hostPort < 1_024 || hostPort > 65_535)) {
            throw OrchestratorException.invalid("host port " + hostPort + " is neither 0 nor 1024 to 65535");
        }
    }
}
