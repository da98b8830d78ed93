package io.orchestrator.spi;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.ResourceRecord;
import java.util.List;

/**
 * What to write together.
 *
 * @param changes at most 16, each on another record
 * @param journal at most 64 entries
 */
public record Commit(List<Change> changes, List<JournalDraft> journal) {
    /**
     * One record to write or delete.
     *
     * @param record its version is the one that was read (0 to insert); the store writes the next version
     * @param delete whether to delete the record instead
     */
    public record Change(ResourceRecord record, boolean delete) {
        public static Change put(ResourceRecord record) {
            return new Change(record, false);
        }

        public static Change delete(ResourceRecord record) {
            return new Change(record, true);
        }
    }

    public Commit {
        changes = List.copyOf(changes);
        journal = List.copyOf(journal);
        if (changes.size() > 16 || journal.size() > 64) {
            throw OrchestratorException.invalid(
                    "a commit of " + changes.size() + " changes and " + journal.size() + " entries is over 16 and 64");
        }
    }
}
