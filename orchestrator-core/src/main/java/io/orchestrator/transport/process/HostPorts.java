package io.orchestrator.transport.process;

import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out whether a container's ports can be bound, by binding them. */
final class HostPorts {
    private HostPorts() {}

    static void check(PublishedPort port) {
        if (!bindable(port, port.hostPort())) {
            if (bindable(port, 0)) {
                throw new OrchestratorException(
                        ErrorCode.PORT_TAKEN,
                        "host port " + port.hostPort() + "/" + port.protocol().wireName() + " of '" + port.hostAddress()
                                + "' is in use");
            }
            throw new OrchestratorException(
                    ErrorCode.ENGINE_ERROR, "no port of host address '" + port.hostAddress() + "' can be bound");
        }
    }

    private static boolean bindable(PublishedPort port, int hostPort) {
        try {
            // a literal address: nothing is looked up
            InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(port.hostAddress()), hostPort);
            if (port.protocol() == Protocol.UDP) {
                try (DatagramSocket socket = new DatagramSocket(address)) {
                    return socket.isBound();
                }
            }
            try (ServerSocket socket = new ServerSocket()) {
                // else a connection that was just closed would look like a listener
                socket.setReuseAddress(true);
                socket.bind(address);
                return true;
            }
        } catch (IOException refused) {
            return false;
        }
    }
}
