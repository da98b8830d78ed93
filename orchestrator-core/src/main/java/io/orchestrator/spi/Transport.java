package io.orchestrator.spi;

import io.orchestrator.node.NodeSpec;
import java.util.Set;

/** A way to reach nodes: makes the connection object for each node whose URI has one of its schemes. Thread-safe. */
public interface Transport {
    /** The URI schemes it serves, in lower case, such as {@code unix}. */
    Set<String> schemes();

    /**
     * Makes the object that speaks to one node. Does no I/O; what is wrong with the URI is said here.
     *
     * @param installation the installation's name: only what carries it is ever listed, changed or removed
     * @throws io.orchestrator.operation.OrchestratorException {@link
     *     io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT} for a URI that cannot be served
     */
    NodeTransport connect(NodeSpec node, String installation, HostRuntime runtime);
}
