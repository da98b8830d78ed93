package io.orchestrator.transport.docker;

import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Transport;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reaches Docker engines (20.10 and later) on unix sockets, such as {@code unix:///var/run/docker.sock}.
 *
 * <p>Immutable and thread-safe; one transport serves any number of nodes. Every container it makes runs with an init
 * process, without new privileges, with seven capabilities, and with limits of memory, processors, processes and logs.
 */
public final class DockerTransport implements Transport {
    private static final URI DEFAULT_ENDPOINT = URI.create("unix:///var/run/docker.sock");
    /** What the kernel takes, less the NUL at the end. */
    private static final int MAX_PATH_BYTES = 107;

    private final URI endpoint;

    private DockerTransport(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** A transport whose {@link #endpoint} is the engine's usual socket. */
    public static DockerTransport create() {
        return new DockerTransport(DEFAULT_ENDPOINT);
    }

    /**
     * A transport whose {@link #endpoint} is what {@code DOCKER_HOST} names, or the engine's usual socket.
     *
     * @param environment usually {@code System.getenv()}
     * @throws OrchestratorException {@link io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT} if it is not a unix socket
     */
    public static DockerTransport fromEnvironment(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.isBlank()) {
            return create();
        }
        URI uri;
        try {
            uri = URI.create(host.strip());
        } catch (IllegalArgumentException malformed) {
            throw OrchestratorException.invalid("DOCKER_HOST is not a URI; use unix:///path/to/docker.sock");
        }
        socketOf("DOCKER_HOST", uri);
        return new DockerTransport(uri);
    }

    /** The engine to register as a node if the host names no other: {@code NodeSpec.of("local", transport.endpoint())}. */
    public URI endpoint() {
        return endpoint;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("unix");
    }

    @Override
    public NodeTransport connect(NodeSpec node, String installation, HostRuntime runtime) {
        UnixDomainSocketAddress address = socketOf("uri of node '" + node.id() + "'", node.uri());
        return new DockerNode(new EngineClient(runtime, address, node.id().value()), installation);
    }

    private static UnixDomainSocketAddress socketOf(String what, URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (scheme.equals("tcp")) {
            throw OrchestratorException.invalid(what
                    + " is a tcp address, which this version refuses because it would not be encrypted;"
                    + " use unix:///path/to/docker.sock");
        }
        String path = uri.getPath();
        boolean plain = uri.getRawAuthority() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
        if (!scheme.equals("unix") || path == null || !path.startsWith("/") || path.length() < 2 || !plain) {
            throw OrchestratorException.invalid(what + " is not of the form unix:///path/to/docker.sock");
        }
        if (path.indexOf('\0') >= 0 || path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw OrchestratorException.invalid(what + " has a path longer than " + MAX_PATH_BYTES
                    + " bytes or with NUL; use unix:///path/to/docker.sock");
        }
        return UnixDomainSocketAddress.of(path);
    }
}
