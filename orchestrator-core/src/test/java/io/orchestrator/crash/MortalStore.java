package io.orchestrator.crash;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.util.List;
import java.util.Optional;

/** One control plane's access to a store that outlives it. */
record MortalStore(Store store, CrashPoint crash) implements Store {
    @Override
    public CommitResult commit(Commit commit) {
        String events =
                commit.journal().stream().map(entry -> entry.event()).toList().toString();
        return crash.effect("commit" + events, () -> store.commit(commit));
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        return crash.read(() -> store.find(key));
    }

    @Override
    public Optional<ResourceRecord> findByUniqueKey(String uniqueKey) {
        return crash.read(() -> store.findByUniqueKey(uniqueKey));
    }

    @Override
    public Page<ResourceRecord> page(RecordQuery query) {
        return crash.read(() -> store.page(query));
    }

    @Override
    public List<JournalEntry> journal(long after, int limit) {
        return crash.read(() -> store.journal(after, limit));
    }

    @Override
    public void close() {
        // the store outlives the control plane
    }
}
