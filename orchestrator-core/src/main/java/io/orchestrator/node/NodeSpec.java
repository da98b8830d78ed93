package io.orchestrator.node;

import io.orchestrator.operation.OrchestratorException;
import java.net.URI;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is asked of a node's registration. Immutable. */
public final class NodeSpec {
    private static final int MAX_LABELS = 64;

    private final NodeId id;
    private final URI uri;
    private final SortedMap<String, String> labels;
    private final PortRange portRange;
    private final String serviceAddress;

    private NodeSpec(Builder builder) {
        this.id = builder.id;
        this.uri = builder.uri;
        this.labels = Collections.unmodifiableSortedMap(new TreeMap<>(builder.labels));
        this.portRange = builder.portRange;
        this.serviceAddress = builder.serviceAddress;
    }

    /** A node with every default. */
    public static NodeSpec of(String id, URI uri) {
        return builder(id, uri).build();
    }

    /**
     * Starts a specification.
     *
     * @param uri where the node is reached; its scheme chooses the transport: {@code unix:///run/docker.sock} for a
     *     Docker engine, {@code dev-process:/var/lib/demo} for local processes
     */
    public static Builder builder(String id, URI uri) {
        return new Builder(NodeId.of(id), uri);
    }

    public NodeId id() {
        return id;
    }

    public URI uri() {
        return uri;
    }

    /** Labels for placement, sorted. */
    public SortedMap<String, String> labels() {
        return labels;
    }

    public PortRange portRange() {
        return portRange;
    }

    /** The address on the node that published ports are bound to, and at which they are reached from here. */
    public String serviceAddress() {
        return serviceAddress;
    }

    /** Collects the parts of a specification. Not thread-safe. */
    public static final class Builder {
        private final NodeId id;
        private final URI uri;
        private final SortedMap<String, String> labels = new TreeMap<>();
        private PortRange portRange = PortRange.DEFAULT;
        private String serviceAddress = "127.0.0.1";

        private Builder(NodeId id, URI uri) {
            this.id = id;
            this.uri = uri;
        }

        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        /** The host ports to give out; 20000 to 29999 by default. */
        public Builder portRange(PortRange value) {
            portRange = value;
            return this;
        }

        /** A literal IPv4 or IPv6 address without a zone, kept in its canonical form; {@code 127.0.0.1} by default. */
        public Builder serviceAddress(String value) {
            serviceAddress = value;
            return this;
        }

        public NodeSpec build() {
            if (uri.getScheme() == null || uri.toString().length() > 2_048) {
                throw OrchestratorException.invalid("uri of node '" + id + "' has no scheme or is longer than 2048");
            }
            if (labels.size() > MAX_LABELS) {
                throw OrchestratorException.invalid("node '" + id + "' has more than " + MAX_LABELS + " labels");
            }
            labels.forEach((name, value) -> {
                if (name.isEmpty() || name.length() > 128 || value.length() > 256) {
                    throw OrchestratorException.invalid("a label of node '" + id + "' is empty or too long (128/256)");
                }
            });
            serviceAddress = LiteralAddress.canonical(serviceAddress)
                    .orElseThrow(() -> OrchestratorException.invalid(
                            "service address of node '" + id + "' is not a literal IPv4 or IPv6 address"));
            return new NodeSpec(this);
        }
    }
}
