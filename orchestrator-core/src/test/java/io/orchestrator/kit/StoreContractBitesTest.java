package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.StoreOverlay;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Plants bugs into a store that passes and proves that the contract finds each of them. */
class StoreContractBitesTest {
    @Test
    void failedCases_correctStore_areNone() {
        assertThat(KitRunner.failedCases(Correct.class)).isEmpty();
    }

    @Test
    void failedCases_classWithoutCases_isAnError() {
        assertThatThrownBy(() -> KitRunner.failedCases(String.class)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failedCases_lostCompareAndSet_areFound() {
        assertThat(KitRunner.failedCases(WithLostCompareAndSet.class))
                .contains(
                        "commit_updateOfOlderVersion_isStaleAndChangesNothing",
                        "commit_updatesOfOneVersionByManyThreads_succeedOnce");
    }

    @Test
    void failedCases_keysNeverReleased_areFound() {
        assertThat(KitRunner.failedCases(WithKeysNeverReleased.class))
                .contains(
                        "commit_deleteOfHolder_freesItsKeys",
                        "commit_updateThatReleasesItsKey_freesIt",
                        "commit_keyMovedToALaterRecord_isHeldByIt");
    }

    @Test
    void failedCases_journalPositionsTakenBeforeTheCommit_areFound() {
        assertThat(KitRunner.failedCases(WithPositionsTakenBeforeTheCommit.class))
                .contains("journal_readerDuringCommitsOfManyThreads_seesEachEntryOnceInOrder");
    }

    @Test
    void failedCases_changesCommittedOneByOne_areFound() {
        assertThat(KitRunner.failedCases(WithChangesCommittedOneByOne.class))
                .contains(
                        "commit_sixteenChangesOfWhichTheLastIsStale_writesNothing",
                        "commit_keyOfAnotherRecord_isTakenAndNothingIsWritten");
    }

    @Test
    void failedCases_pageThatForgetsItsLastRecord_areFound() {
        assertThat(KitRunner.failedCases(WithForgetfulPages.class))
                .contains("page_followedByCursor_showsEachRecordOnce", "page_records_areWholeAndLatest");
    }

    static final class Correct extends StoreContract {
        @Override
        protected Store create() {
            return MemoryStore.create();
        }
    }

    static final class WithLostCompareAndSet extends StoreContract {
        @Override
        protected Store create() {
            return new StoreOverlay(MemoryStore.create()) {
                @Override
                public CommitResult commit(Commit commit) {
                    return super.commit(new Commit(
                            commit.changes().stream().map(this::atLatest).toList(), commit.journal()));
                }

                private Commit.Change atLatest(Commit.Change change) {
                    long latest = find(change.record().key())
                            .map(ResourceRecord::version)
                            .orElse(change.record().version());
                    ResourceRecord moved =
                            change.record().toBuilder().version(latest).build();
                    return new Commit.Change(moved, change.delete());
                }
            };
        }
    }

    static final class WithKeysNeverReleased extends StoreContract {
        @Override
        protected Store create() {
            return new StoreOverlay(MemoryStore.create()) {
                private final Map<String, RecordKey> everHeld = new ConcurrentHashMap<>();

                @Override
                public CommitResult commit(Commit commit) {
                    for (Commit.Change change : commit.changes()) {
                        for (String key : change.record().uniqueKeys()) {
                            RecordKey holder = everHeld.get(key);
                            if (holder != null && !holder.equals(change.record().key())) {
                                return CommitResult.keyTaken(key);
                            }
                        }
                    }
                    CommitResult result = super.commit(commit);
                    if (result.equals(CommitResult.committed())) {
                        commit.changes().forEach(change -> change.record()
                                .uniqueKeys()
                                .forEach(
                                        key -> everHeld.put(key, change.record().key())));
                    }
                    return result;
                }
            };
        }
    }

    /** Every fifth entry shows up only after a reader saw a later one (or after 20 ms, so that a single thread goes on). */
    static final class WithPositionsTakenBeforeTheCommit extends StoreContract {
        @Override
        protected Store create() {
            return new StoreOverlay(MemoryStore.create()) {
                private final AtomicLong last = new AtomicLong();
                private final AtomicLong lastRead = new AtomicLong();
                private final ConcurrentSkipListMap<Long, JournalDraft> shown = new ConcurrentSkipListMap<>();

                @Override
                public CommitResult commit(Commit commit) {
                    long first = last.getAndAdd(commit.journal().size()) + 1;
                    if (first % 5 == 0) {
                        awaitReaderBehind(first);
                    }
                    CommitResult result = super.commit(new Commit(commit.changes(), List.of()));
                    for (int i = 0; i < commit.journal().size(); i++) {
                        shown.put(first + i, commit.journal().get(i));
                    }
                    return result;
                }

                private void awaitReaderBehind(long position) {
                    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20);
                    while (lastRead.get() <= position && System.nanoTime() < deadline) {
                        Thread.onSpinWait();
                    }
                }

                @Override
                public List<JournalEntry> journal(long after, int limit) {
                    List<JournalEntry> found = shown.tailMap(after, false).entrySet().stream()
                            .limit(limit)
                            .map(entry -> new JournalEntry(entry.getKey(), entry.getValue()))
                            .toList();
                    found.forEach(entry -> lastRead.accumulateAndGet(entry.position(), Math::max));
                    return found;
                }
            };
        }
    }

    static final class WithChangesCommittedOneByOne extends StoreContract {
        @Override
        protected Store create() {
            return new StoreOverlay(MemoryStore.create()) {
                @Override
                public CommitResult commit(Commit commit) {
                    for (Commit.Change change : commit.changes()) {
                        CommitResult result = super.commit(new Commit(List.of(change), List.of()));
                        if (!result.equals(CommitResult.committed())) {
                            return result;
                        }
                    }
                    return super.commit(new Commit(List.of(), commit.journal()));
                }
            };
        }
    }

    static final class WithForgetfulPages extends StoreContract {
        @Override
        protected Store create() {
            return new StoreOverlay(MemoryStore.create()) {
                @Override
                public Page<ResourceRecord> page(RecordQuery query) {
                    Page<ResourceRecord> page = super.page(query);
                    int kept = Math.max(0, page.items().size() - 1);
                    return new Page<>(page.items().subList(0, kept), page.next());
                }
            };
        }
    }
}
