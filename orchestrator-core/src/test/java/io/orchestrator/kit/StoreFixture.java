package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the cases of the store's contract share. */
abstract class StoreFixture {
    static final String KIND = "container";
    static final CommitResult COMMITTED = CommitResult.committed();
    static final Instant AT = Instant.parse("2026-02-03T04:05:06.123456789Z");

    @SuppressWarnings("NullAway.Init") // set before each case
    Store store;

    /** Creates a store that holds nothing; it is closed after the case. */
    protected abstract Store create() throws Exception;

    @BeforeEach
    final void createStore() throws Exception {
        store = create();
    }

    @AfterEach
    final void closeStore() {
        store.close();
    }

    static RecordKey key(String id) {
        return new RecordKey(KIND, id);
    }

    static ResourceRecord.Builder fresh(String id) {
        return ResourceRecord.builder(key(id));
    }

    static Commit commitOf(Commit.Change... changes) {
        return new Commit(List.of(changes), List.of());
    }

    static JournalDraft draft(String event) {
        return new JournalDraft(AT, key("a"), "op-1", event, "detail of " + event);
    }

    /** Inserts a record and gives it back as it was stored. */
    final ResourceRecord inserted(ResourceRecord.Builder record) {
        ResourceRecord built = record.build();
        assertThat(store.commit(commitOf(Commit.Change.put(built)))).isEqualTo(COMMITTED);
        return stored(built.key().id());
    }

    /** Changes a record and gives it back as it was stored. */
    final ResourceRecord updated(ResourceRecord record, UnaryOperator<ResourceRecord.Builder> change) {
        assertThat(put(record, change)).isEqualTo(COMMITTED);
        return stored(record.key().id());
    }

    final CommitResult put(ResourceRecord record, UnaryOperator<ResourceRecord.Builder> change) {
        return store.commit(
                commitOf(Commit.Change.put(change.apply(record.toBuilder()).build())));
    }

    final CommitResult delete(ResourceRecord record) {
        return store.commit(commitOf(Commit.Change.delete(record)));
    }

    final ResourceRecord stored(String id) {
        return store.find(key(id)).orElseThrow(() -> new AssertionError("'" + id + "' is not stored"));
    }

    final List<String> idsOf(RecordQuery query) {
        return ids(store.page(query));
    }

    static List<String> ids(Page<ResourceRecord> page) {
        return page.items().stream().map(record -> record.key().id()).toList();
    }

    /** Follows the cursors to the end; a store that never ends fails. */
    final List<String> allIdsOf(RecordQuery query) {
        List<String> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        for (int pages = 0; pages < 10_000; pages++) {
            Page<ResourceRecord> page = store.page(query.after(cursor));
            found.addAll(ids(page));
            cursor = page.next();
            if (cursor.isEmpty()) {
                return found;
            }
        }
        throw new AssertionError("the listing does not end");
    }

    final List<String> events() {
        return store.journal(0, 1000).stream()
                .map(entry -> entry.entry().event())
                .toList();
    }

    final List<Long> positions() {
        return store.journal(0, 1000).stream().map(JournalEntry::position).toList();
    }

    /** Texts that have broken somebody's storage before. */
    static Stream<String> hostileTexts() {
        return Stream.of(
                "o'brien\"; drop table orchestrator_record; --",
                "%",
                "_",
                "back\\slash",
                "{curly,\"quoted\"}",
                "NULL",
                " leading and trailing ",
                "line\nbreak\r\ttab",
                "?$1:name",
                "Ünïcödé ß ﬁ",
                "e\u0301 is not \u00e9",
                "\u202eright to left",
                "\ud83d\udc33 whale",
                "\u007f\u0001control",
                "\uffff");
    }
}
