package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.Commit.Change;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Store} must do. Subclass it in the tests of an implementation and return an empty store from
 * {@code create()}; each case gets its own.
 */
public abstract class StoreContract extends StoreQueryCases {
    private static final int THREADS = 8;

    /** Eight threads read, add one and write back; a lost update shows in the sum. */
    @Test
    void commit_incrementsOfManyThreads_loseNothing() throws Exception {
        inserted(fresh("counter").body("0"));

        inParallel(thread -> {
            for (int i = 0; i < 500; ) {
                ResourceRecord record = stored("counter");
                String next = Integer.toString(Integer.parseInt(record.body()) + 1);
                if (put(record, builder -> builder.body(next)).equals(COMMITTED)) {
                    i++;
                }
            }
            return thread;
        });

        assertThat(stored("counter").body()).isEqualTo("4000");
        assertThat(stored("counter").version()).isEqualTo(4001);
    }

    /** Eight threads have read the same version and write at once. */
    @Test
    void commit_updatesOfOneVersionByManyThreads_succeedOnce() throws Exception {
        ResourceRecord read = inserted(fresh("a"));
        for (int round = 0; round < 20; round++) {
            ResourceRecord same = read;

            List<CommitResult> results = inParallel(thread -> put(same, builder -> builder.owner("t" + thread)));

            assertThat(results).containsOnlyOnce(COMMITTED).contains(CommitResult.stale(key("a")));
            read = stored("a");
            assertThat(read.version()).isEqualTo(same.version() + 1);
            assertThat(read.owner()).isEqualTo("t" + results.indexOf(COMMITTED));
        }
    }

    /** Each thread moves one unit between two records, half of them naming the records in the other order. */
    @Test
    void commit_transfersOfManyThreads_keepTheSumAndNeverBlockEachOtherForGood() throws Exception {
        inserted(fresh("left").body("1000"));
        inserted(fresh("right").body("1000"));

        inParallel(thread -> {
            for (int i = 0; i < 50; ) {
                ResourceRecord from = stored(thread % 2 == 0 ? "left" : "right");
                ResourceRecord to = stored(thread % 2 == 0 ? "right" : "left");
                CommitResult result = store.commit(commitOf(added(from, -1), added(to, 1)));
                i += result.equals(COMMITTED) ? 1 : 0;
            }
            return thread;
        });

        assertThat(List.of(stored("left").body(), stored("right").body())).containsExactly("1000", "1000");
        assertThat(stored("left").version() + stored("right").version()).isEqualTo(2 + 2 * 50 * THREADS);
    }

    private static Change added(ResourceRecord record, int amount) {
        String sum = Integer.toString(Integer.parseInt(record.body()) + amount);
        return Change.put(record.toBuilder().body(sum).build());
    }

    @Test
    void commit_insertsOfOneRecordByManyThreads_succeedOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            String id = "r" + round;

            List<CommitResult> results = inParallel(thread -> store.commit(
                    commitOf(Change.put(fresh(id).owner("t" + thread).build()))));

            assertThat(results).containsOnlyOnce(COMMITTED).contains(CommitResult.stale(key(id)));
            assertThat(stored(id).owner()).isEqualTo("t" + results.indexOf(COMMITTED));
        }
    }

    @Test
    void commit_claimsOfOneUniqueKeyByManyThreads_succeedOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            String uniqueKey = "k" + round;
            String prefix = "r" + round + "-";

            List<CommitResult> results = inParallel(thread -> store.commit(commitOf(
                    Change.put(fresh(prefix + thread).uniqueKey(uniqueKey).build()))));

            assertThat(results).containsOnlyOnce(COMMITTED).contains(CommitResult.keyTaken(uniqueKey));
            assertThat(store.findByUniqueKey(uniqueKey)).contains(stored(prefix + results.indexOf(COMMITTED)));
        }
        assertThat(idsOf(RecordQuery.of(KIND))).hasSize(20);
    }

    /** One key goes round: whoever holds it deletes its record while the others try to insert theirs. */
    @Test
    void commit_keyReleasedAndClaimedByManyThreads_isNeverHeldTwiceOrLost() throws Exception {
        List<Integer> wins = inParallel(thread -> {
            int won = 0;
            for (int i = 0; i < 40; i++) {
                ResourceRecord mine =
                        fresh("t" + thread + "-" + i).uniqueKey("k").build();
                if (store.commit(commitOf(Change.put(mine))).equals(COMMITTED)) {
                    won++;
                    assertThat(store.findByUniqueKey("k").map(ResourceRecord::key))
                            .contains(mine.key());
                    assertThat(delete(stored(mine.key().id()))).isEqualTo(COMMITTED);
                }
            }
            return won;
        });

        assertThat(wins.stream().mapToInt(Integer::intValue).sum()).isPositive();
        assertThat(store.findByUniqueKey("k")).isEmpty();
    }

    /** A reader follows the journal while eight threads write; a position that shows up behind its back is lost to it. */
    @Test
    void journal_readerDuringCommitsOfManyThreads_seesEachEntryOnceInOrder() throws Exception {
        int perThread = 100;
        AtomicBoolean written = new AtomicBoolean();
        ExecutorService reader = Executors.newSingleThreadExecutor();
        try {
            Future<List<JournalEntry>> followed = reader.submit(() -> follow(written));

            inParallel(thread -> {
                for (int i = 0; i < perThread; i++) {
                    String event = thread + ":" + i;
                    store.commit(new Commit(
                            List.of(Change.put(fresh(thread + "-" + i).build())),
                            List.of(draft(event + ":first"), draft(event + ":second"))));
                }
                return thread;
            });
            written.set(true);

            List<JournalEntry> seen = followed.get(60, TimeUnit.SECONDS);
            assertThat(seen).hasSize(2 * perThread * THREADS);
            assertThat(seen).extracting(JournalEntry::position).isSorted().doesNotHaveDuplicates();
            for (int thread = 0; thread < THREADS; thread++) {
                String prefix = thread + ":";
                assertThat(seen.stream().map(entry -> entry.entry().event()).filter(event -> event.startsWith(prefix)))
                        .containsExactlyElementsOf(IntStream.range(0, perThread)
                                .boxed()
                                .flatMap(i -> Stream.of(prefix + i + ":first", prefix + i + ":second"))
                                .toList());
            }
        } finally {
            written.set(true);
            reader.shutdownNow();
        }
    }

    private List<JournalEntry> follow(AtomicBoolean written) {
        List<JournalEntry> seen = new ArrayList<>();
        long last = 0;
        while (true) {
            boolean complete = written.get();
            List<JournalEntry> more = store.journal(last, 7);
            if (more.isEmpty() && complete) {
                return seen;
            }
            seen.addAll(more);
            last = more.isEmpty() ? last : more.get(more.size() - 1).position();
        }
    }

    @Test
    void close_twice_isHarmless() {
        store.close();
        store.close();
    }

    @Test
    void close_thenAnyVerb_saysClosed() {
        store.close();

        for (ThrowingCallable verb : List.<ThrowingCallable>of(
                () -> store.commit(commitOf(Change.put(fresh("a").build()))),
                () -> store.find(key("a")),
                () -> store.findByUniqueKey("k"),
                () -> store.page(RecordQuery.of(KIND)),
                () -> store.journal(0, 1))) {
            assertThatThrownBy(verb)
                    .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.CLOSED));
        }
    }

    private interface Work<T> {
        T of(int thread) throws Exception;
    }

    /** Runs the work on eight threads that start together; gives their results in order. */
    private <T> List<T> inParallel(Work<T> work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            CyclicBarrier start = new CyclicBarrier(THREADS);
            List<Callable<T>> tasks = IntStream.range(0, THREADS)
                    .<Callable<T>>mapToObj(thread -> () -> {
                        start.await(60, TimeUnit.SECONDS);
                        return work.of(thread);
                    })
                    .toList();
            List<T> results = new ArrayList<>();
            for (Future<T> done : threads.invokeAll(tasks, 100, TimeUnit.SECONDS)) {
                results.add(done.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
