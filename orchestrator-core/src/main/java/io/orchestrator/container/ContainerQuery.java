package io.orchestrator.container;

import io.orchestrator.node.NodeId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which containers to list; the filters narrow each other. Immutable. */
public final class ContainerQuery {
    private final Optional<NodeId> node;
    private final Optional<ContainerStatus> status;
    private final Map<String, String> labels;
    private final Optional<String> cursor;
    private final int limit;

    private ContainerQuery(Builder builder) {
        this.node = Optional.ofNullable(builder.node);
        this.status = Optional.ofNullable(builder.status);
        this.labels = Map.copyOf(builder.labels);
        this.cursor = Optional.ofNullable(builder.cursor);
        this.limit = builder.limit;
    }

    /** The first page of everything that exists. */
    public static ContainerQuery all() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    public Optional<NodeId> node() {
        return node;
    }

    public Optional<ContainerStatus> status() {
        return status;
    }

    /** Labels that must all be present with these values. */
    public Map<String, String> labels() {
        return labels;
    }

    public Optional<String> cursor() {
        return cursor;
    }

    public int limit() {
        return limit;
    }

    /** Collects the parts of a query. Not thread-safe. */
    public static final class Builder {
        private @Nullable NodeId node;
        private @Nullable ContainerStatus status;
        private final Map<String, String> labels = new TreeMap<>();
        private @Nullable String cursor;
        private int limit = Page.MAX_LIMIT;

        private Builder() {}

        public Builder node(NodeId value) {
            node = value;
            return this;
        }

        /**
         * Only those last observed so: {@code PENDING}, {@code RUNNING}, {@code STOPPED} or {@code FAILED}; the others are
         * refused. A container whose node does not answer, or whose removal goes on, is found by what was last observed,
         * though it shows {@code UNKNOWN} or {@code REMOVING}.
         */
        public Builder status(ContainerStatus value) {
            status = value;
            return this;
        }

        public Builder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /** The cursor of the page before. */
        public Builder after(String value) {
            cursor = value;
            return this;
        }

        /** 1 to 1000; 1000 by default. */
        public Builder limit(int value) {
            limit = value;
            return this;
        }

        public ContainerQuery build() {
            if (limit < 1 || limit > Page.MAX_LIMIT) {
                throw OrchestratorException.invalid("limit " + limit + " is not 1 to " + Page.MAX_LIMIT);
            }
            if (status == ContainerStatus.UNKNOWN
                    || status == ContainerStatus.REMOVING
                    || status == ContainerStatus.REMOVED) {
                throw OrchestratorException.invalid("containers cannot be listed by status " + status);
            }
            return new ContainerQuery(this);
        }
    }
}
