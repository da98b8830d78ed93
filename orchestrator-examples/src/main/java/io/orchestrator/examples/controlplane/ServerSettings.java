package io.orchestrator.examples.controlplane;

import io.orchestrator.node.NodeSpec;
import io.orchestrator.service.bucket.ReferenceBucket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a server is started with. Immutable. */
public final class ServerSettings {
    private final Path data;
    private final String host;
    private final int port;
    private final StoreChoice store;
    private final Optional<Path> tokenFile;
    private final String installation;
    private final String bucketImage;
    private final List<NodeSpec> nodes;
    private final long maxUploadBytes;
    private final Duration pingPeriod;

    private ServerSettings(Builder builder) {
        this.data = builder.data;
        this.host = builder.host;
        this.port = builder.port;
        this.store = builder.store;
        this.tokenFile = Optional.ofNullable(builder.tokenFile);
        this.installation = builder.installation;
        this.bucketImage = builder.bucketImage;
        this.nodes = List.copyOf(builder.nodes);
        this.maxUploadBytes = builder.maxUploadBytes;
        this.pingPeriod = builder.pingPeriod;
    }

    /** Starts settings with every default: loopback, port 9000, records in a file, no nodes. */
    public static Builder builder(Path data) {
        return new Builder(data);
    }

    Path data() {
        return data;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    StoreChoice store() {
        return store;
    }

    Optional<Path> tokenFile() {
        return tokenFile;
    }

    String installation() {
        return installation;
    }

    String bucketImage() {
        return bucketImage;
    }

    List<NodeSpec> nodes() {
        return nodes;
    }

    long maxUploadBytes() {
        return maxUploadBytes;
    }

    Duration pingPeriod() {
        return pingPeriod;
    }

    /** Whether a node of local processes was asked for by name; only then such nodes can be reached at all. */
    boolean developmentNodes() {
        return nodes.stream().anyMatch(node -> "dev-process".equals(node.uri().getScheme()));
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {
        private final Path data;
        private String host = "127.0.0.1";
        private int port = 9_000;
        private StoreChoice store = StoreChoice.of("file");
        private @Nullable Path tokenFile;
        private String installation = "control-plane";
        private String bucketImage = ReferenceBucket.IMAGE;
        private final List<NodeSpec> nodes = new ArrayList<>();
        private long maxUploadBytes = 5L << 30;
        private Duration pingPeriod = Duration.ofSeconds(15);

        private Builder(Path data) {
            this.data = data;
        }

        /** The address to listen on. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        /** 1 to 65535, or 0 for any that is free. */
        public Builder port(int value) {
            if (value < 0 || value > 65_535) {
                throw new SetupException("--port " + value + " is not 0 to 65535");
            }
            port = value;
            return this;
        }

        /** {@code memory}, {@code file} or {@code jdbc:postgresql:…}. */
        public Builder store(String value) {
            store = StoreChoice.of(value);
            return this;
        }

        /** Who may call; without one the server makes a file with an administrator's token in its data directory. */
        public Builder tokenFile(Path value) {
            tokenFile = value;
            return this;
        }

        /** The installation's name: only what carries it is ever touched. */
        public Builder installation(String value) {
            installation = value;
            return this;
        }

        /** The image of bucket services. */
        public Builder bucketImage(String value) {
            bucketImage = value;
            return this;
        }

        /** A node to register at the start, as {@code NAME=URI}; {@code dev-process:} may be followed by a relative directory. */
        public Builder node(String value) {
            nodes.add(NodeOption.parse(value));
            return this;
        }

        /** The most bytes of one upload, 5 GiB by default; as many may lie in the data directory until they are passed on. */
        public Builder maxUploadBytes(long value) {
            maxUploadBytes = value;
            return this;
        }

        /** How often a terminal's client is asked whether it is there, 15 s by default; after three without a sign it is not. */
        public Builder pingPeriod(Duration value) {
            pingPeriod = value;
            return this;
        }

        public ServerSettings build() {
            return new ServerSettings(this);
        }
    }
}
