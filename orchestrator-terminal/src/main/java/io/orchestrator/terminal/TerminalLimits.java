package io.orchestrator.terminal;

import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;

/** What the sessions of one proxy may use at most. Immutable. */
public final class TerminalLimits {
    private final int sessions;
    private final int sessionsPerOwner;
    private final Duration idle;
    private final Duration lifetime;
    private final Duration stuck;

    private TerminalLimits(Builder builder) {
        this.sessions = builder.sessions;
        this.sessionsPerOwner = builder.sessionsPerOwner;
        this.idle = builder.idle;
        this.lifetime = builder.lifetime;
        this.stuck = builder.stuck;
    }

    /** The defaults: 1,000 sessions, 5 per owner, 30 min idle, 8 h in all, 10 s stuck. */
    public static TerminalLimits defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The most sessions in all. */
    public int sessions() {
        return sessions;
    }

    /** The most sessions into containers of one owner. */
    public int sessionsPerOwner() {
        return sessionsPerOwner;
    }

    /** How long a session may go without a byte in either direction. */
    public Duration idle() {
        return idle;
    }

    /** How long a session may last in all. */
    public Duration lifetime() {
        return lifetime;
    }

    /** How long a client may leave waiting output without asking for any. */
    public Duration stuck() {
        return stuck;
    }

    /** Collects the limits. Not thread-safe. */
    public static final class Builder {
        private int sessions = 1_000;
        private int sessionsPerOwner = 5;
        private Duration idle = Duration.ofMinutes(30);
        private Duration lifetime = Duration.ofHours(8);
        private Duration stuck = Duration.ofSeconds(10);

        private Builder() {}

        /** 1 to 100,000. */
        public Builder sessions(int value) {
            sessions = value;
            return this;
        }

        /** 1 to 100,000. */
        public Builder sessionsPerOwner(int value) {
            sessionsPerOwner = value;
            return this;
        }

        /** 1 s to 7 days. */
        public Builder idle(Duration value) {
            idle = value;
            return this;
        }

        /** 1 s to 7 days. */
        public Builder lifetime(Duration value) {
            lifetime = value;
            return this;
        }

        /** 1 s to 7 days. */
        public Builder stuck(Duration value) {
            stuck = value;
            return this;
        }

        public TerminalLimits build() {
            count("sessions", sessions);
            count("sessions per owner", sessionsPerOwner);
            time("idle", idle);
            time("lifetime", lifetime);
            time("stuck", stuck);
            return new TerminalLimits(this);
        }

        private static void count(String what, int value) {
            if (value < 1 || value > 100_000) {
                throw OrchestratorException.invalid("limit '" + what + "' is " + value + ", not 1 to 100000");
            }
        }

        private static void time(String what, Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(Duration.ofDays(7)) > 0) {
                throw OrchestratorException.invalid("limit '" + what + "' is " + value + ", not 1 s to 7 days");
            }
        }
    }
}
