package io.orchestrator.store.memory;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.StoreLimits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A store in the heap: nothing survives the process.
 *
 * <p>Thread-safe; one lock, held only for work in memory, so no verb waits for anything but its turn. The journal keeps
 * its latest entries only (100,000 unless told otherwise); older positions are skipped by readers. After {@link #close}
 * every verb throws with {@link ErrorCode#CLOSED}.
 */
public final class MemoryStore implements Store {
    /** How many journal entries are kept unless told otherwise. */
    public static final int DEFAULT_JOURNAL_ENTRIES = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final MemoryRecords records = new MemoryRecords();
    private final Map<String, RecordKey> holders = new HashMap<>();
    private final MemoryJournal journal;
    private boolean closed;

    private MemoryStore(int journalEntries) {
        journal = new MemoryJournal(journalEntries);
    }

    /** Creates an empty store. */
    public static MemoryStore create() {
        return new MemoryStore(DEFAULT_JOURNAL_ENTRIES);
    }

    /**
     * Creates an empty store that keeps this many of its latest journal entries.
     *
     * @param journalEntries 64 to 10,000,000
     */
    public static MemoryStore create(int journalEntries) {
        if (journalEntries < 64 || journalEntries > 10_000_000) {
            throw OrchestratorException.invalid(journalEntries + " journal entries are not 64 to 10000000");
        }
        return new MemoryStore(journalEntries);
    }

    @Override
    public CommitResult commit(Commit commit) {
        StoreLimits.check(commit);
        return locked(() -> {
            Optional<CommitResult> refusal = stale(commit).or(() -> keyTaken(commit));
            if (refusal.isPresent()) {
                return refusal.get();
            }
            commit.changes().forEach(change -> release(change.record().key()));
            commit.changes().forEach(this::apply);
            commit.journal().forEach(journal::append);
            return CommitResult.committed();
        });
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        StoreLimits.check(key);
        return locked(() -> records.find(key));
    }

    @Override
    public Optional<ResourceRecord> findByUniqueKey(String uniqueKey) {
        StoreLimits.checkUniqueKey(uniqueKey);
        return locked(() -> Optional.ofNullable(holders.get(uniqueKey)).flatMap(records::find));
    }

    @Override
    public Page<ResourceRecord> page(RecordQuery query) {
        StoreLimits.check(query);
        return locked(() -> records.page(query));
    }

    @Override
    public List<JournalEntry> journal(long after, int limit) {
        StoreLimits.checkJournalLimit(limit);
        return locked(() -> journal.after(after, limit));
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private Optional<CommitResult> stale(Commit commit) {
        return commit.changes().stream()
                .filter(change -> !isLatest(change))
                .findFirst()
                .map(change -> CommitResult.stale(change.record().key()));
    }

    private boolean isLatest(Commit.Change change) {
        ResourceRecord record = change.record();
        Optional<ResourceRecord> held = records.find(record.key());
        return held.isPresent() ? held.get().version() == record.version() : record.version() == 0 && !change.delete();
    }

    /** A key is free if nobody holds it, or if its holder is changed by this very commit and so claims it anew or not. */
    private Optional<CommitResult> keyTaken(Commit commit) {
        Set<RecordKey> changed = new HashSet<>();
        commit.changes().forEach(change -> changed.add(change.record().key()));
        Set<String> claimed = new HashSet<>();
        for (Commit.Change change : commit.changes()) {
            if (change.delete()) {
                continue;
            }
            for (String uniqueKey : change.record().uniqueKeys()) {
                RecordKey holder = holders.get(uniqueKey);
                if ((holder != null && !changed.contains(holder)) || !claimed.add(uniqueKey)) {
                    return Optional.of(CommitResult.keyTaken(uniqueKey));
                }
            }
        }
        return Optional.empty();
    }

    private void release(RecordKey key) {
        records.find(key).ifPresent(held -> held.uniqueKeys().forEach(holders::remove));
    }

    private void apply(Commit.Change change) {
        ResourceRecord record = change.record();
        if (change.delete()) {
            records.remove(record.key());
            return;
        }
        records.put(record.toBuilder().version(record.version() + 1).build());
        record.uniqueKeys().forEach(uniqueKey -> holders.put(uniqueKey, record.key()));
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the memory store is closed");
            }
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
