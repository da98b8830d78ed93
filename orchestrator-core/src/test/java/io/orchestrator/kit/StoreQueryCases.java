package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.Commit.Change;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cases about pages of records and about the journal. */
abstract class StoreQueryCases extends StoreUniqueKeyCases {
    private static final RecordQuery ALL = RecordQuery.of(KIND);

    @Test
    void page_nothingStored_isEmptyWithoutCursor() {
        assertThat(store.page(ALL)).isEqualTo(new Page<ResourceRecord>(List.of(), Optional.empty()));
    }

    @Test
    void page_otherKinds_areNotShown() {
        inserted(fresh("a"));
        store.commit(commitOf(
                Change.put(ResourceRecord.builder(new RecordKey("node", "b")).build())));

        assertThat(idsOf(ALL)).containsExactly("a");
    }

    @Test
    void page_records_areWholeAndLatest() {
        ResourceRecord a = updated(inserted(full("a")), builder -> builder.body("new"));
        ResourceRecord b = inserted(fresh("b"));

        assertThat(store.page(ALL).items()).containsExactly(a, b);
    }

    @Test
    void page_ids_areInOrderOfCodePoints() {
        List<String> ordered = List.of("10", "9", "A", "B", "Z", "_", "a", "aa", "b", "é", "\ufb01", "\ud83d\udc33");
        List<String> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(7));
        shuffled.forEach(id -> inserted(fresh(id)));

        assertThat(idsOf(ALL)).containsExactlyElementsOf(ordered);
        assertThat(allIdsOf(ALL.limit(1))).containsExactlyElementsOf(ordered);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 24, 25, 26})
    void page_followedByCursor_showsEachRecordOnce(int limit) {
        List<String> expected =
                IntStream.range(0, 25).mapToObj(i -> String.format("r%02d", i)).toList();
        expected.forEach(id -> inserted(fresh(id)));

        assertThat(allIdsOf(ALL.limit(limit))).containsExactlyElementsOf(expected);
        assertThat(store.page(ALL.limit(limit)).items()).hasSize(Math.min(limit, 25));
    }

    @Test
    void page_exactlyAsManyAsTheLimit_hasNoCursor() {
        inserted(fresh("a"));
        inserted(fresh("b"));

        assertThat(store.page(ALL.limit(2)).next()).isEmpty();
        assertThat(store.page(ALL.limit(1)).next()).contains("a");
    }

    @Test
    void page_cursorOfARecordSinceDeleted_goesOnBehindIt() {
        inserted(fresh("a"));
        ResourceRecord b = inserted(fresh("b"));
        inserted(fresh("c"));
        Optional<String> cursor = store.page(ALL.limit(2)).next();

        delete(b);

        assertThat(cursor).contains("b");
        assertThat(idsOf(ALL.after(cursor))).containsExactly("c");
    }

    @Test
    void page_recordsChangeBetweenPages_showsEveryLastingRecordOnce() {
        List<String> lasting =
                IntStream.range(0, 30).mapToObj(i -> String.format("r%02d", i)).toList();
        lasting.forEach(id -> inserted(fresh(id)));
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        int round = 0;

        do {
            Page<ResourceRecord> page = store.page(ALL.limit(4).after(cursor));
            seen.addAll(ids(page));
            cursor = page.next();
            inserted(fresh("a-before-" + round));
            delete(inserted(fresh("r10-passing-" + round)));
            updated(stored("r" + String.format("%02d", round)), builder -> builder.body("changed"));
            round++;
        } while (cursor.isPresent() && round < 30);

        assertThat(seen).containsExactlyElementsOf(lasting);
    }

    @Test
    void page_everyCombinationOfFilters_showsWhatMatches() {
        List<ResourceRecord> all = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            all.add(inserted(fresh(String.format("r%02d", i))
                    .owner((i & 1) == 0 ? "alice" : "bob")
                    .node((i & 2) == 0 ? "edge-1" : "")
                    .observed((i & 4) == 0 ? "running" : "exited")
                    .pending((i & 8) == 0 ? null : operation())
                    .label("zone", (i & 16) == 0 ? "a" : "b")
                    .label((i & 32) == 0 ? "tier" : "other", "web")));
        }

        for (int mask = 0; mask < 128; mask++) {
            RecordQuery query = filtered(mask);
            List<String> expected = all.stream()
                    .filter(record -> matches(query, record))
                    .map(record -> record.key().id())
                    .toList();
            assertThat(idsOf(query)).as("%s", query).containsExactlyElementsOf(expected);
            assertThat(allIdsOf(query.limit(3))).as("%s", query).containsExactlyElementsOf(expected);
        }
    }

    private static PendingOperation operation() {
        return new PendingOperation(new OperationId("op"), "t", "s", 1, Optional.empty());
    }

    private static RecordQuery filtered(int mask) {
        TreeMap<String, String> labels = new TreeMap<>();
        if ((mask & 16) != 0) {
            labels.put("zone", "a");
        }
        if ((mask & 32) != 0) {
            labels.put("tier", "web");
        }
        RecordQuery query = (mask & 1) == 0 ? ALL : ALL.ownedBy("alice");
        query = (mask & 2) == 0 ? query : query.on("edge-1");
        query = (mask & 4) == 0 ? query : query.observed("running");
        query = (mask & 8) == 0 ? query : query.pending();
        query = (mask & 64) == 0 ? query : query.notObserved("exited");
        return query.labelled(labels);
    }

    private static boolean matches(RecordQuery query, ResourceRecord record) {
        return (query.owner().isEmpty() || query.owner().get().equals(record.owner()))
                && (query.node().isEmpty() || query.node().get().equals(record.node()))
                && (query.observed().isEmpty() || query.observed().get().equals(record.observed()))
                && (query.notObserved().isEmpty() || !query.notObserved().get().equals(record.observed()))
                && (!query.pendingOnly() || record.pending().isPresent())
                && query.labels().entrySet().stream().allMatch(label -> label.getValue()
                        .equals(record.labels().get(label.getKey())));
    }

    @Test
    void page_emptyOwner_showsOnlyWhatNobodyOwns() {
        inserted(fresh("a").owner("alice"));
        inserted(fresh("b"));

        assertThat(idsOf(ALL.ownedBy(""))).containsExactly("b");
    }

    @Test
    void page_labelChangedAddedAndDropped_followsTheLatestVersion() {
        ResourceRecord first = inserted(fresh("a").label("zone", "a").label("tier", "web"));

        updated(first, builder -> fresh("a").version(1).label("zone", "b").label("new", "1"));

        assertThat(idsOf(labelled("zone", "a"))).isEmpty();
        assertThat(idsOf(labelled("tier", "web"))).isEmpty();
        assertThat(idsOf(labelled("zone", "b"))).containsExactly("a");
        assertThat(idsOf(labelled("new", "1"))).containsExactly("a");
    }

    @Test
    void page_labelOfADeletedRecord_showsNothing() {
        delete(inserted(fresh("a").label("zone", "a")));
        inserted(fresh("a"));

        assertThat(idsOf(labelled("zone", "a"))).isEmpty();
    }

    @Test
    void page_finishedOperation_isNotPendingAnyMore() {
        ResourceRecord record = inserted(full("a"));
        assertThat(idsOf(ALL.pending())).containsExactly("a");

        updated(record, builder -> builder.pending(null));

        assertThat(idsOf(ALL.pending())).isEmpty();
        assertThat(stored("a").pending()).isEmpty();
    }

    @Test
    void page_nulInAFilter_isRefused() {
        assertInvalid(() -> store.page(ALL.ownedBy("nul\0")));
        assertInvalid(() -> store.page(ALL.after(Optional.of("\ud83d"))));
        assertInvalid(() -> store.page(labelled("zone", "nul\0")));
    }

    private static RecordQuery labelled(String name, String value) {
        return ALL.labelled(new TreeMap<>(Map.of(name, value)));
    }

    @Test
    void journal_nothingWritten_isEmpty() {
        assertThat(store.journal(0, 10)).isEmpty();
    }

    @Test
    void journal_entriesOfCommits_comeInOrderWithGrowingPositions() {
        store.commit(new Commit(List.of(), List.of(draft("1"), draft("2"))));
        inserted(fresh("a"));
        store.commit(new Commit(List.of(), List.of(draft("3"))));

        assertThat(events()).containsExactly("1", "2", "3");
        assertThat(positions()).isSorted().doesNotHaveDuplicates().allMatch(position -> position >= 1);
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void journal_hostileText_comesBackAsItWas(String text) {
        JournalDraft draft = new JournalDraft(AT, key(text), text, text, text);

        store.commit(new Commit(List.of(), List.of(draft)));

        assertThat(store.journal(0, 1)).extracting(JournalEntry::entry).containsExactly(draft);
    }

    @Test
    void journal_timesOutsideTheUsual_comeBackAsTheyWere() {
        List<JournalDraft> drafts = IntStream.range(0, 3)
                .mapToObj(i -> new JournalDraft(
                        List.of(Instant.MIN, Instant.EPOCH, Instant.MAX).get(i), key("a"), "", "e", ""))
                .toList();

        store.commit(new Commit(List.of(), drafts));

        assertThat(store.journal(0, 10)).extracting(JournalEntry::entry).containsExactlyElementsOf(drafts);
    }

    @Test
    void journal_afterAPosition_showsWhatFollows() {
        for (int i = 0; i < 10; i++) {
            store.commit(new Commit(List.of(), List.of(draft("e" + i))));
        }
        List<Long> positions = positions();

        assertThat(store.journal(positions.get(3), 2))
                .extracting(entry -> entry.entry().event())
                .containsExactly("e4", "e5");
        assertThat(store.journal(positions.get(9), 10)).isEmpty();
        assertThat(store.journal(Long.MAX_VALUE, 10)).isEmpty();
        assertThat(store.journal(-5, 1)).extracting(JournalEntry::position).containsExactly(positions.get(0));
    }

    @Test
    void journal_limitOutsideItsRange_isRefused() {
        assertInvalid(() -> store.journal(0, 0));
        assertInvalid(() -> store.journal(0, 1001));
    }

    @Test
    void journal_textOverItsLimit_isRefused() {
        JournalDraft longEvent = new JournalDraft(AT, key("a"), "", "e".repeat(400), "");
        JournalDraft longDetail = new JournalDraft(AT, key("a"), "", "e", "d".repeat(13_000));

        assertInvalid(() -> store.commit(new Commit(List.of(), List.of(longEvent))));
        assertInvalid(() -> store.commit(new Commit(List.of(), List.of(longDetail))));
        assertThat(events()).isEmpty();
    }
}
