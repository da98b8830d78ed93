package io.orchestrator.service;

import java.time.Instant;
import java.util.Optional;

/**
 * What the last authenticated call to a service showed.
 *
 * @param verdict how the call ended
 * @param reason why it did not succeed, for a person; empty if it did
 * @param checkedAt when it was made; empty if none was made yet
 */
public record ServiceHealth(Verdict verdict, String reason, Optional<Instant> checkedAt) {
    /** How a call ended. */
    public enum Verdict {
        /** No call was made yet. */
        UNKNOWN,
        /** The call succeeded. */
        HEALTHY,
        /** There was no connection, or no answer in time. */
        UNREACHABLE,
        /** The service answered and did not accept the credentials. */
        UNAUTHORIZED,
        /** The service answered, but not as a working one does. */
        FAILING
    }

    /** Before the first check. */
    static final ServiceHealth UNCHECKED = new ServiceHealth(Verdict.UNKNOWN, "", Optional.empty());

    /** Whether the last call succeeded. */
    public boolean healthy() {
        return verdict == Verdict.HEALTHY;
    }
}
