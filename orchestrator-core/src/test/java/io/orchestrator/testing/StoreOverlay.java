package io.orchestrator.testing;

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

/** A correct store, to plant a fault into. */
public class StoreOverlay implements Store {
    private final Store correct;

    public StoreOverlay(Store correct) {
        this.correct = correct;
    }

    @Override
    public CommitResult commit(Commit commit) {
        return correct.commit(commit);
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        return correct.find(key);
    }

    @Override
    public Optional<ResourceRecord> findByUniqueKey(String uniqueKey) {
        return correct.findByUniqueKey(uniqueKey);
    }

    @Override
    public Page<ResourceRecord> page(RecordQuery query) {
        return correct.page(query);
    }

    @Override
    public List<JournalEntry> journal(long after, int limit) {
        return correct.journal(after, limit);
    }

    @Override
    public void close() {
        correct.close();
    }
}
