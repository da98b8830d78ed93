package io.orchestrator.service;

import io.orchestrator.container.ResourceLimits;
import io.orchestrator.operation.OrchestratorException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What an engine needs whatever the service. Immutable; a service keeps the values it was launched with. */
public final class EngineProfile {
    private static final Pattern KIND = Pattern.compile("[a-z]{1,20}");
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{0,31}");
    private static final int MAX_IMAGES = 8;

    private final String kind;
    private final String name;
    private final List<String> images;
    private final String scheme;
    private final int port;
    private final String dataPath;
    private final ResourceLimits limits;

    private EngineProfile(Builder builder) {
        this.kind = builder.kind;
        this.name = builder.name;
        this.images = List.copyOf(builder.images);
        this.scheme = builder.scheme;
        this.port = builder.port;
        this.dataPath = builder.dataPath;
        this.limits = builder.limits;
    }

    /**
     * Starts a profile.
     *
     * @param kind the kind of service: 1 to 20 letters {@code [a-z]}, stored
     * @param name the engine's name within the kind: 1 to 32 characters of {@code [a-z0-9-]}, stored
     */
    public static Builder builder(String kind, String name) {
        return new Builder(kind, name);
    }

    public String kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    /** The image and its mirrors, in the order in which they are tried. */
    public List<String> images() {
        return images;
    }

    /** The scheme of the endpoint's URI. */
    public String scheme() {
        return scheme;
    }

    /** The TCP port inside the container. */
    public int port() {
        return port;
    }

    /** Where the image keeps its data. */
    public String dataPath() {
        return dataPath;
    }

    /** The limits of a service whose specification names none. */
    public ResourceLimits limits() {
        return limits;
    }

    @Override
    public String toString() {
        return kind + "/" + name;
    }

    /** Collects the parts of a profile. Not thread-safe. */
    public static final class Builder {
        private final String kind;
        private final String name;
        private final List<String> images = new ArrayList<>();
        private String scheme = "http";
        private int port = 8000;
        private String dataPath = "/data";
        private ResourceLimits limits = new ResourceLimits(1, 512, 512);

        private Builder(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        /** Adds an image: the first is the preferred one, the others stand in for one that vanished; at most 8. */
        public Builder image(String value) {
            images.add(value);
            return this;
        }

        /** {@code http} and 8000 by default. */
        public Builder port(String uriScheme, int value) {
            scheme = uriScheme;
            port = value;
            return this;
        }

        /** {@code /data} by default. */
        public Builder dataPath(String value) {
            dataPath = value;
            return this;
        }

        /** 1 processor, 512 MiB and 512 processes by default. */
        public Builder limits(ResourceLimits value) {
            limits = value;
            return this;
        }

        public EngineProfile build() {
            if (!KIND.matcher(kind).matches() || !NAME.matcher(name).matches()) {
                throw OrchestratorException.invalid(
                        "an engine's kind and name are not of the forms " + KIND + " and " + NAME);
            }
            if (images.isEmpty() || images.size() > MAX_IMAGES) {
                throw OrchestratorException.invalid(
                        "engine '" + kind + "/" + name + "' has " + images.size() + " images, not 1 to " + MAX_IMAGES);
            }
            if (!SCHEME.matcher(scheme).matches() || port < 1 || port > 65_535) {
                throw OrchestratorException.invalid("engine '" + kind + "/" + name + "' has no proper scheme or port: '"
                        + scheme + ":" + port + "'");
            }
            return new EngineProfile(this);
        }
    }
}
