package io.orchestrator.container;

import io.orchestrator.node.NodeId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a container. Immutable; every value was checked against its limits when it was built.
 *
 * <p>Environment values are secrets: they never show in {@code toString}, logs or errors.
 */
public final class ContainerSpec {
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._:/@-]{0,511}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final Pattern SIGNAL = Pattern.compile("SIG[A-Z0-9+-]{1,12}");

    private final String image;
    private final String owner;
    private final Optional<String> name;
    private final Optional<String> idempotencyKey;
    private final Optional<NodeId> node;
    private final List<String> entrypoint;
    private final List<String> command;
    private final SortedMap<String, Secret> environment;
    private final SortedMap<String, String> labels;
    private final Optional<String> user;
    private final Optional<String> workingDirectory;
    private final ResourceLimits limits;
    private final List<PortRequest> ports;
    private final List<VolumeMount> volumes;
    private final SortedMap<String, Long> tmpfsMib;
    private final boolean readOnlyRoot;
    private final String stopSignal;
    private final Duration stopGrace;
    private final RestartPolicy restart;

    private ContainerSpec(Builder builder) {
        this.image = builder.image;
        this.owner = builder.owner;
        this.name = Optional.ofNullable(builder.name);
        this.idempotencyKey = Optional.ofNullable(builder.idempotencyKey);
        this.node = Optional.ofNullable(builder.node);
        this.entrypoint = List.copyOf(builder.entrypoint);
        this.command = List.copyOf(builder.command);
        this.environment = Collections.unmodifiableSortedMap(new TreeMap<>(builder.environment));
        this.labels = Collections.unmodifiableSortedMap(new TreeMap<>(builder.labels));
        this.user = Optional.ofNullable(builder.user);
        this.workingDirectory = Optional.ofNullable(builder.workingDirectory);
        this.limits = new ResourceLimits(builder.cpus, builder.memoryMib, builder.pids);
        this.ports = List.copyOf(builder.ports);
        this.volumes = List.copyOf(builder.volumes);
        this.tmpfsMib = Collections.unmodifiableSortedMap(new TreeMap<>(builder.tmpfsMib));
        this.readOnlyRoot = builder.readOnlyRoot;
        this.stopSignal = builder.stopSignal;
        this.stopGrace = builder.stopGrace;
        this.restart = builder.restart;
    }

    /** Starts a specification of a container of that image. */
    public static Builder builder(String image) {
        return new Builder(image);
    }

    /** Starts a changed copy. */
    public Builder toBuilder() {
        Builder copy = new Builder(image);
        copy.owner = owner;
        copy.name = name.orElse(null);
        copy.idempotencyKey = idempotencyKey.orElse(null);
        copy.node = node.orElse(null);
        copy.entrypoint = entrypoint;
        copy.command = command;
        copy.environment.putAll(environment);
        copy.labels.putAll(labels);
        copy.user = user.orElse(null);
        copy.workingDirectory = workingDirectory.orElse(null);
        copy.cpus = limits.cpus();
        copy.memoryMib = limits.memoryMib();
        copy.pids = limits.pids();
        copy.ports.addAll(ports);
        copy.volumes.addAll(volumes);
        copy.tmpfsMib.putAll(tmpfsMib);
        copy.readOnlyRoot = readOnlyRoot;
        copy.stopSignal = stopSignal;
        copy.stopGrace = stopGrace;
        copy.restart = restart;
        return copy;
    }

    public String image() {
        return image;
    }

    /** The tenant; {@code default} if none was named. */
    public String owner() {
        return owner;
    }

    /** The display name, unique per owner. */
    public Optional<String> name() {
        return name;
    }

    /** The caller's key: a second launch of the owner with the same key yields the same container. */
    public Optional<String> idempotencyKey() {
        return idempotencyKey;
    }

    /** The only node that may take it; empty to leave the choice to the placement strategy. */
    public Optional<NodeId> node() {
        return node;
    }

    /** Replaces the image's entry point; empty to keep it. */
    public List<String> entrypoint() {
        return entrypoint;
    }

    /** Replaces the image's command; empty to keep it. */
    public List<String> command() {
        return command;
    }

    public SortedMap<String, Secret> environment() {
        return environment;
    }

    public SortedMap<String, String> labels() {
        return labels;
    }

    /** A user name or number, with a group after a colon; empty for the image's own. */
    public Optional<String> user() {
        return user;
    }

    public Optional<String> workingDirectory() {
        return workingDirectory;
    }

    public ResourceLimits limits() {
        return limits;
    }

    public List<PortRequest> ports() {
        return ports;
    }

    public List<VolumeMount> volumes() {
        return volumes;
    }

    /** Memory file systems: path to size in MiB. */
    public SortedMap<String, Long> tmpfsMib() {
        return tmpfsMib;
    }

    public boolean readOnlyRoot() {
        return readOnlyRoot;
    }

    public String stopSignal() {
        return stopSignal;
    }

    /** How long a stop waits after the stop signal before it kills. */
    public Duration stopGrace() {
        return stopGrace;
    }

    /** Whether it is started again when it ends by itself. */
    public RestartPolicy restart() {
        return restart;
    }

    @Override
    public String toString() {
        return "ContainerSpec[image=" + image + ", owner=" + owner + ", name=" + name.orElse("") + "]";
    }

    /** Collects the parts of a specification. Not thread-safe; limits are checked in {@link #build}. */
    public static final class Builder {
        private final String image;
        private String owner = "default";
        private @Nullable String name;
        private @Nullable String idempotencyKey;
        private @Nullable NodeId node;
        private List<String> entrypoint = List.of();
        private List<String> command = List.of();
        private final SortedMap<String, Secret> environment = new TreeMap<>();
        private final SortedMap<String, String> labels = new TreeMap<>();
        private @Nullable String user;
        private @Nullable String workingDirectory;
        private double cpus = 1.0;
        private long memoryMib = 512;
        private int pids = 512;
        private final List<PortRequest> ports = new ArrayList<>();
        private final List<VolumeMount> volumes = new ArrayList<>();
        private final SortedMap<String, Long> tmpfsMib = new TreeMap<>();
        private boolean readOnlyRoot;
        private String stopSignal = "SIGTERM";
        private Duration stopGrace = Duration.ofSeconds(10);
        private RestartPolicy restart = RestartPolicy.never();

        private Builder(String image) {
            this.image = image;
        }

        /** The tenant: 1 to 128 characters. */
        public Builder owner(String value) {
            owner = value;
            return this;
        }

        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder idempotencyKey(String value) {
            idempotencyKey = value;
            return this;
        }

        public Builder node(NodeId value) {
            node = value;
            return this;
        }

        public Builder entrypoint(String... argv) {
            entrypoint = List.of(argv);
            return this;
        }

        public Builder command(String... argv) {
            command = List.of(argv);
            return this;
        }

        public Builder command(List<String> argv) {
            command = argv;
            return this;
        }

        public Builder env(String variable, String value) {
            return env(variable, Secret.of(value));
        }

        public Builder env(String variable, Secret value) {
            environment.put(variable, value);
            return this;
        }

        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        public Builder user(String value) {
            user = value;
            return this;
        }

        public Builder workingDirectory(String value) {
            workingDirectory = value;
            return this;
        }

        /** Processors, 0.01 to 1024; 1 by default. */
        public Builder cpus(double value) {
            cpus = value;
            return this;
        }

        /** Memory in MiB, 6 to 16777216; 512 by default. */
        public Builder memoryMib(long value) {
            memoryMib = value;
            return this;
        }

        /** The most processes and threads, 1 to 32768; 512 by default. */
        public Builder pids(int value) {
            pids = value;
            return this;
        }

        /** Publishes a TCP port on any free host port of the node's range. */
        public Builder publish(int containerPort) {
            return publish(new PortRequest(containerPort, Protocol.TCP, 0));
        }

        public Builder publish(PortRequest port) {
            ports.add(port);
            return this;
        }

        public Builder volume(String volume, String path) {
            volumes.add(new VolumeMount(volume, path, false));
            return this;
        }

        public Builder volume(VolumeMount mount) {
            volumes.add(mount);
            return this;
        }

        /** A memory file system at the path, 1 to 65536 MiB. */
        public Builder tmpfs(String path, long mib) {
            tmpfsMib.put(path, mib);
            return this;
        }

        public Builder readOnlyRoot(boolean value) {
            readOnlyRoot = value;
            return this;
        }

        /** The signal that asks the container to end, such as {@code SIGINT}; {@code SIGTERM} by default. */
        public Builder stopSignal(String value) {
            stopSignal = value;
            return this;
        }

        /** 0 to 10 minutes; 10 s by default. */
        public Builder stopGrace(Duration value) {
            stopGrace = value;
            return this;
        }

        /** Never by default. */
        public Builder restart(RestartPolicy value) {
            restart = value;
            return this;
        }

        /**
         * Checks every value and builds the specification.
         *
         * <p>A list or map has at most 1,000 items, an argument or environment value at most 128 KiB; entrypoint, command,
         * environment and labels are at most 1 MiB together, counted in UTF-8.
         *
         * @throws OrchestratorException {@link io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT}, naming the value
         */
        public ContainerSpec build() {
            SpecLimits.shape("image", image, IMAGE);
            SpecLimits.text("owner", owner, 128);
            if (owner.isBlank()) {
                throw OrchestratorException.invalid("owner is blank");
            }
            if (name != null) {
                SpecLimits.shape("name", name, NAME);
            }
            if (idempotencyKey != null) {
                SpecLimits.text("idempotency key", idempotencyKey, 255);
            }
            SpecLimits.list("entrypoint", entrypoint);
            SpecLimits.list("command", command);
            SpecLimits.environment(environment);
            SpecLimits.count("labels", labels.size());
            labels.forEach((key, value) -> {
                SpecLimits.text("a label's key", key, 128);
                SpecLimits.text("label '" + key + "'", value, 1_024);
            });
            SpecLimits.total(entrypoint, command, environment, labels);
            if (user != null) {
                SpecLimits.user(user);
            }
            if (workingDirectory != null) {
                SpecLimits.path("working directory", workingDirectory);
            }
            SpecLimits.count("ports", ports.size());
            SpecLimits.count("volumes", volumes.size());
            SpecLimits.count("tmpfs", tmpfsMib.size());
            tmpfsMib.forEach((path, mib) -> {
                SpecLimits.path("tmpfs path", path);
                SpecLimits.range("size of a tmpfs in MiB", (double) mib, 1, 65_536);
            });
            SpecLimits.shape("stop signal", stopSignal, SIGNAL);
            SpecLimits.range("stop grace in seconds", stopGrace.toMillis() / 1000.0, 0, 600);
            return new ContainerSpec(this);
        }
    }
}
