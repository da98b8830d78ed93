package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.NodeTransport;
import org.jspecify.annotations.NullMarked;

/**
 * Lets the benchmarks reach two things that the transport keeps to itself, which is why it lies in the transport's
 * package: the ping, as the smallest call there is, and the body of a create, so that every contender sends the same one.
 */
@NullMarked
public final class EngineDoor {
    private EngineDoor() {}

    public static void ping(NodeTransport node, CallContext call) {
        ((DockerNode) node).ping(call);
    }

    public static byte[] createBody(CreateRequest request) {
        return CreateBody.of(request);
    }
}
