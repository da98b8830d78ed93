package io.orchestrator.spi;

import io.orchestrator.operation.RecordKey;
import java.util.Optional;

/**
 * Whether a commit took place, and if not, what stood against it.
 *
 * @param kind how it ended
 * @param record the record whose version was not the latest; empty otherwise
 * @param uniqueKey the key that another record holds; empty otherwise
 */
public record CommitResult(Kind kind, Optional<RecordKey> record, Optional<String> uniqueKey) {
    /** How a commit ended. */
    public enum Kind {
        COMMITTED,
        /** A record was changed, inserted or deleted by somebody else since it was read. */
        STALE,
        /** A unique key is taken. */
        KEY_TAKEN
    }

    private static final CommitResult COMMITTED = new CommitResult(Kind.COMMITTED, Optional.empty(), Optional.empty());

    public static CommitResult committed() {
        return COMMITTED;
    }

    public static CommitResult stale(RecordKey record) {
        return new CommitResult(Kind.STALE, Optional.of(record), Optional.empty());
    }

    public static CommitResult keyTaken(String uniqueKey) {
        return new CommitResult(Kind.KEY_TAKEN, Optional.empty(), Optional.of(uniqueKey));
    }
}
