package io.orchestrator.operation;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the store keeps of one resource: one record for each node, container, service or whatever a module adds.
 *
 * <p>Immutable. <em>Desired</em> is written only on behalf of callers, <em>observed</em> only from what nodes report.
 * The body is opaque to the store. {@link #version()} is 0 for a record that was never stored.
 */
public final class ResourceRecord {
    private final RecordKey key;
    private final String owner;
    private final String node;
    private final String desired;
    private final String observed;
    private final long generation;
    private final long version;
    private final @Nullable PendingOperation pending;
    private final SortedMap<String, String> labels;
    private final SortedSet<String> uniqueKeys;
    private final String body;

    private ResourceRecord(Builder builder) {
        this.key = builder.key;
        this.owner = builder.owner;
        this.node = builder.node;
        this.desired = builder.desired;
        this.observed = builder.observed;
        this.generation = builder.generation;
        this.version = builder.version;
        this.pending = builder.pending;
        this.labels = Collections.unmodifiableSortedMap(new TreeMap<>(builder.labels));
        this.uniqueKeys = Collections.unmodifiableSortedSet(new TreeSet<>(builder.uniqueKeys));
        this.body = builder.body;
    }

    /** Starts a record that was never stored. */
    public static Builder builder(RecordKey key) {
        return new Builder(key);
    }

    /** Starts a changed copy; the version stays that of this record. */
    public Builder toBuilder() {
        Builder copy = new Builder(key);
        copy.owner = owner;
        copy.node = node;
        copy.desired = desired;
        copy.observed = observed;
        copy.generation = generation;
        copy.version = version;
        copy.pending = pending;
        copy.labels.putAll(labels);
        copy.uniqueKeys.addAll(uniqueKeys);
        copy.body = body;
        return copy;
    }

    /** The record's key. */
    public RecordKey key() {
        return key;
    }

    /** The tenant that owns it; empty for what belongs to the installation itself. */
    public String owner() {
        return owner;
    }

    /** The id of the node it lives on; empty if none. */
    public String node() {
        return node;
    }

    /** The state its owner wants. */
    public String desired() {
        return desired;
    }

    /** The state last observed. */
    public String observed() {
        return observed;
    }

    /** Counts the beginnings of its life: start, restart and relaunch each add one. */
    public long generation() {
        return generation;
    }

    /** Counts the commits that wrote it; the store refuses a write that did not read the latest. */
    public long version() {
        return version;
    }

    /** The operation it is in the middle of. */
    public Optional<PendingOperation> pending() {
        return Optional.ofNullable(pending);
    }

    /** Labels to search by, sorted. */
    public SortedMap<String, String> labels() {
        return labels;
    }

    /** Keys that no other record of the installation may hold at the same time, sorted. */
    public SortedSet<String> uniqueKeys() {
        return uniqueKeys;
    }

    /** The opaque body, JSON by convention. */
    public String body() {
        return body;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ResourceRecord that
                && key.equals(that.key)
                && owner.equals(that.owner)
                && node.equals(that.node)
                && desired.equals(that.desired)
                && observed.equals(that.observed)
                && generation == that.generation
                && version == that.version
                && pending().equals(that.pending())
                && labels.equals(that.labels)
                && uniqueKeys.equals(that.uniqueKeys)
                && body.equals(that.body);
    }

    @Override
    public int hashCode() {
        return key.hashCode() * 31 + Long.hashCode(version);
    }

    /** Names the record without its body, which may hold secrets. */
    @Override
    public String toString() {
        return key + "@" + version + "[desired=" + desired + ", observed=" + observed + ", pending=" + pending + "]";
    }

    /** Collects the parts of a record. Not thread-safe. */
    public static final class Builder {
        private final RecordKey key;
        private String owner = "";
        private String node = "";
        private String desired = "";
        private String observed = "";
        private long generation = 1;
        private long version;
        private @Nullable PendingOperation pending;
        private final Map<String, String> labels = new TreeMap<>();
        private final SortedSet<String> uniqueKeys = new TreeSet<>();
        private String body = "{}";

        private Builder(RecordKey key) {
            this.key = key;
        }

        public Builder owner(String value) {
            owner = value;
            return this;
        }

        public Builder node(String value) {
            node = value;
            return this;
        }

        public Builder desired(String value) {
            desired = value;
            return this;
        }

        public Builder observed(String value) {
            observed = value;
            return this;
        }

        public Builder generation(long value) {
            generation = value;
            return this;
        }

        /** Set by stores only. */
        public Builder version(long value) {
            version = value;
            return this;
        }

        public Builder pending(@Nullable PendingOperation value) {
            pending = value;
            return this;
        }

        public Builder label(String name, String value) {
            labels.put(name, value);
            return this;
        }

        /** Replaces all labels. */
        public Builder labels(Map<String, String> values) {
            labels.clear();
            labels.putAll(values);
            return this;
        }

        public Builder uniqueKey(String value) {
            uniqueKeys.add(value);
            return this;
        }

        /** Gives the unique keys back that start with the prefix; an empty prefix gives back all. */
        public Builder releaseKeys(String prefix) {
            uniqueKeys.removeIf(held -> held.startsWith(prefix));
            return this;
        }

        public Builder body(String value) {
            body = value;
            return this;
        }

        public ResourceRecord build() {
            return new ResourceRecord(this);
        }
    }
}
