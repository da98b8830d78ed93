package io.orchestrator.internal.operation;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.UniqueKeyException;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Writes a record and its companions in one commit, and finds out what happened when the store cannot say. */
public final class Committer {
    /** Companions, such as a node's ledger, are contended; each lost race means that somebody else advanced. */
    private static final int MAX_RACES = 1_000;

    private final Store store;

    public Committer(Store store) {
        this.store = store;
    }

    /**
     * Commits the record with its companions, whose changes are applied to their latest versions.
     *
     * @return the record as stored; empty if the record itself was changed by somebody else since it was read
     * @throws UniqueKeyException if a unique key is taken
     * @throws OutcomeUnknownException if the store lost the answer and reading again did not prove the commit: it may
     *     have taken place, or still do so
     */
    public Optional<ResourceRecord> commit(
            ResourceRecord record, Map<RecordKey, UnaryOperator<ResourceRecord>> companions, JournalDraft entry) {
        ResourceRecord stored = record.toBuilder().version(record.version() + 1).build();
        for (int race = 0; race < MAX_RACES; race++) {
            List<Commit.Change> changes = new ArrayList<>();
            changes.add(Commit.Change.put(record));
            companions.forEach((key, change) -> changes.add(Commit.Change.put(change.apply(existing(key)))));
            CommitResult result;
            try {
                result = store.commit(new Commit(changes, List.of(entry)));
            } catch (OutcomeUnknownException lost) {
                if (isStored(stored, lost)) {
                    return Optional.of(stored);
                }
                throw lost;
            }
            if (result.kind() == CommitResult.Kind.COMMITTED) {
                return Optional.of(stored);
            }
            if (result.kind() == CommitResult.Kind.KEY_TAKEN) {
                throw new UniqueKeyException(result.uniqueKey().orElse(""));
            }
            if (result.record().filter(record.key()::equals).isPresent()) {
                return Optional.empty();
            }
        }
        throw new OrchestratorException(
                ErrorCode.STORE_UNAVAILABLE, "the commit of " + record.key() + " lost " + MAX_RACES + " races");
    }

    private boolean isStored(ResourceRecord expected, OutcomeUnknownException lost) {
        try {
            return store.find(expected.key()).filter(expected::equals).isPresent();
        } catch (OrchestratorException unreadable) {
            lost.addSuppressed(unreadable);
            return false;
        }
    }

    private ResourceRecord existing(RecordKey key) {
        return store.find(key).orElseThrow(() -> OrchestratorException.notFound(key.kind(), key.id()));
    }
}
