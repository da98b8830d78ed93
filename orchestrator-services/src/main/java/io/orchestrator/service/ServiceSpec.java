package io.orchestrator.service;

import io.orchestrator.container.ResourceLimits;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.OrchestratorException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a service. Immutable; every value was checked when it was built. The kinds extend it with what is
 * theirs alone.
 *
 * @param <S> the live service that a launch yields
 */
public abstract class ServiceSpec<S extends Service> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");

    private final ServiceEngine<S, ?> engine;
    private final String owner;
    private final Optional<String> name;
    private final Optional<String> idempotencyKey;
    private final Optional<NodeId> node;
    private final ResourceLimits limits;
    private final VolumePolicy onRemove;

    /**
     * Checks every value.
     *
     * @throws OrchestratorException for a value outside its limits, naming it
     */
    protected ServiceSpec(Builder<S, ?> builder) {
        this.engine = builder.engine;
        this.owner = text("owner", builder.owner, 128);
        this.name = Optional.ofNullable(builder.name);
        this.idempotencyKey = Optional.ofNullable(builder.idempotencyKey);
        this.node = Optional.ofNullable(builder.node);
        ResourceLimits usual = builder.engine.profile().limits();
        this.limits = new ResourceLimits(
                Objects.requireNonNullElse(builder.cpus, usual.cpus()),
                Objects.requireNonNullElse(builder.memoryMib, usual.memoryMib()),
                usual.pids());
        this.onRemove = builder.onRemove;
        name.ifPresent(value -> {
            if (value.length() > 128 || !NAME.matcher(value).matches()) {
                throw OrchestratorException.invalid("the service's name is not of the form " + NAME);
            }
        });
        idempotencyKey.ifPresent(value -> text("idempotency key", value, 255));
    }

    private static String text(String what, String value, int maxBytes) {
        if (value.isBlank() || value.indexOf('\0') >= 0) {
            throw OrchestratorException.invalid(what + " is blank or holds a NUL character");
        }
        if (value.length() > maxBytes || value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw OrchestratorException.invalid(what + " is longer than " + maxBytes + " bytes");
        }
        return value;
    }

    public ServiceEngine<S, ?> engine() {
        return engine;
    }

    /** The tenant; {@code default} if none was named. */
    public String owner() {
        return owner;
    }

    /** The display name, unique per owner and kind. */
    public Optional<String> name() {
        return name;
    }

    /** The caller's key: a second launch of the owner with the same key yields the same service. */
    public Optional<String> idempotencyKey() {
        return idempotencyKey;
    }

    /** The only node that may take it; empty to leave the choice to the placement strategy. */
    public Optional<NodeId> node() {
        return node;
    }

    public ResourceLimits limits() {
        return limits;
    }

    /** What becomes of the data when the service is removed and nothing else is said then. */
    public VolumePolicy onRemove() {
        return onRemove;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[engine=" + engine.profile() + ", owner=" + owner + ", name="
                + name.orElse("") + "]";
    }

    /**
     * Collects the parts of a specification. Not thread-safe.
     *
     * @param <S> the live service
     * @param <B> the kind's own builder
     */
    public abstract static class Builder<S extends Service, B extends Builder<S, B>> {
        private final ServiceEngine<S, ?> engine;
        private String owner = "default";
        private @Nullable String name;
        private @Nullable String idempotencyKey;
        private @Nullable NodeId node;
        private @Nullable Double cpus;
        private @Nullable Long memoryMib;
        private VolumePolicy onRemove = VolumePolicy.DELETE;

        protected Builder(ServiceEngine<S, ?> engine) {
            this.engine = engine;
        }

        /** This builder, as the kind's own. */
        protected abstract B self();

        /** The tenant: 1 to 128 bytes. */
        public B owner(String value) {
            owner = value;
            return self();
        }

        /** 1 to 128 characters of {@code [A-Za-z0-9_.-]}. */
        public B name(String value) {
            name = value;
            return self();
        }

        /** 1 to 255 bytes. */
        public B idempotencyKey(String value) {
            idempotencyKey = value;
            return self();
        }

        public B node(NodeId value) {
            node = value;
            return self();
        }

        /** Processors, 0.01 to 1024; as the engine's profile says if not set. */
        public B cpus(double value) {
            cpus = value;
            return self();
        }

        /** Memory in MiB, 6 to 16777216; as the engine's profile says if not set. */
        public B memoryMib(long value) {
            memoryMib = value;
            return self();
        }

        /** Keeps the data when the service is removed, unless the removal says otherwise; deleted by default. */
        public B retain() {
            onRemove = VolumePolicy.RETAIN;
            return self();
        }
    }
}
