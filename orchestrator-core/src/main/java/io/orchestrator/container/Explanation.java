package io.orchestrator.container;

import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Why a container is as it is, at one moment: one {@link Reason} for programs, a sentence and a next step for people.
 *
 * <p>It is told from the stored record and from what this process knows: what it believes of the node, how often the
 * running step failed and why, since when a restart is waited for, what the last comparison of each node found. No node is
 * asked. Immutable.
 *
 * <p>A launch that placement refused is not explained here, as nothing is stored of it: its {@link
 * io.orchestrator.placement.PlacementException} says for each node what it lacked.
 */
public final class Explanation {
    private static final int MAX_FACTS = 16;

    /** Every answer there is. */
    public enum Reason {
        /** It runs, as its owner wants. */
        RUNNING_AS_DESIRED,
        /** It does not run, as its owner wants. */
        STOPPED_AS_DESIRED,
        /** It is being launched, started or restarted, and no step of that has failed. */
        LAUNCHING,
        /** It is being stopped, or will be in the next round because it runs and should not. */
        STOPPING,
        /** It is being removed. */
        REMOVING,
        /** The running step failed and is tried again; {@link #underway} says which, how often, and why. */
        RETRYING,
        /** Its node is not ready, so that what runs there is unknown and nothing can be done until it answers. */
        WAITING_FOR_NODE,
        /** Its launch was given up; {@link #code} says why. While an operation is under way, what was made is taken back. */
        LAUNCH_FAILED,
        /** It ended, vanished or could not be started again, and its restart policy does not want it restarted. */
        ENDED,
        /** It ended once more when its restart policy had no restart left. */
        RESTARTS_SPENT,
        /** It ended and is restarted after {@link #dueIn} at the earliest. */
        BACKING_OFF,
        /** It is to be restarted, but so many nodes are away that nothing is restarted by itself. */
        HELD_BACK,
        /** It is on a node and no record explains it; it is left alone. The subject is its engine id. */
        QUARANTINED,
        /** It was removed; its tombstone is kept for a while. */
        REMOVED,
        /** Its record cannot be read, as one that a newer version wrote; nothing is done with it. */
        UNREADABLE
    }

    /**
     * The operation that the container is in the middle of.
     *
     * @param id the operation's id
     * @param type its type, such as {@code container.launch}
     * @param step the step that runs or comes next
     * @param failures how often that step failed in a row, as far as this process drives it
     * @param lastError why it failed last; empty if it did not
     * @param lastCode the same for a program
     */
    public record Underway(
            OperationId id, String type, String step, int failures, String lastError, Optional<ErrorCode> lastCode) {}

    private final String subject;
    private final Reason reason;
    private final String message;
    private final String nextStep;
    private final @Nullable ContainerId container;
    private final @Nullable NodeId node;
    private final @Nullable Underway underway;
    private final @Nullable ErrorCode code;
    private final @Nullable Integer exitCode;
    private final @Nullable Duration dueIn;
    private final List<String> facts;

    private Explanation(Builder builder) {
        this.subject = builder.subject;
        this.reason = builder.reason;
        this.message = builder.message;
        this.nextStep = builder.nextStep;
        this.container = builder.container;
        this.node = builder.node;
        this.underway = builder.underway;
        this.code = builder.code;
        this.exitCode = builder.exitCode;
        this.dueIn = builder.dueIn;
        this.facts = List.copyOf(builder.facts);
    }

    /**
     * Starts an explanation.
     *
     * @param subject the id that was asked for
     */
    public static Builder builder(String subject, Reason reason) {
        return new Builder(subject, reason);
    }

    /** The id that was asked for: of a container, of its operation, or of a stray by its engine. */
    public String subject() {
        return subject;
    }

    /** The answer for a program. */
    public Reason reason() {
        return reason;
    }

    /** The answer for a person, with the ids it is about. */
    public String message() {
        return message;
    }

    /** What the reader may do about it; empty if nothing is to be done. */
    public String nextStep() {
        return nextStep;
    }

    /** The container it is about; empty for a stray. */
    public Optional<ContainerId> container() {
        return Optional.ofNullable(container);
    }

    /** The node that holds it, or is to; empty if its record does not tell. */
    public Optional<NodeId> node() {
        return Optional.ofNullable(node);
    }

    /** What it is in the middle of. */
    public Optional<Underway> underway() {
        return Optional.ofNullable(underway);
    }

    /** Why its launch was given up; empty unless it was. */
    public Optional<ErrorCode> code() {
        return Optional.ofNullable(code);
    }

    /** How its program ended, if that is known and it does not run. */
    public OptionalInt exitCode() {
        return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
    }

    /** How long at least until the next try; present with {@link Reason#BACKING_OFF}. */
    public Optional<Duration> dueIn() {
        return Optional.ofNullable(dueIn);
    }

    /**
     * What else is known, for a person: what is stored, what is believed of the node; 16 at most. It may name addresses of
     * nodes, so that it is for those who run the installation.
     */
    public List<String> facts() {
        return facts;
    }

    @Override
    public String toString() {
        return reason + ": " + message;
    }

    /** Collects the parts of an explanation. Not thread-safe. */
    public static final class Builder {
        private final String subject;
        private final Reason reason;
        private String message = "";
        private String nextStep = "";
        private @Nullable ContainerId container;
        private @Nullable NodeId node;
        private @Nullable Underway underway;
        private @Nullable ErrorCode code;
        private @Nullable Integer exitCode;
        private @Nullable Duration dueIn;
        private final List<String> facts = new ArrayList<>();

        private Builder(String subject, Reason reason) {
            this.subject = subject;
            this.reason = reason;
        }

        public Builder message(String value) {
            message = value;
            return this;
        }

        public Builder nextStep(String value) {
            nextStep = value;
            return this;
        }

        public Builder container(ContainerId value) {
            container = value;
            return this;
        }

        public Builder node(NodeId value) {
            node = value;
            return this;
        }

        public Builder underway(Underway value) {
            underway = value;
            return this;
        }

        public Builder code(ErrorCode value) {
            code = value;
            return this;
        }

        public Builder exitCode(int value) {
            exitCode = value;
            return this;
        }

        public Builder dueIn(Duration value) {
            dueIn = value;
            return this;
        }

        /** Adds a fact; the first 16 are kept. */
        public Builder fact(String value) {
            if (facts.size() < MAX_FACTS) {
                facts.add(value);
            }
            return this;
        }

        public Explanation build() {
            return new Explanation(this);
        }
    }
}
