package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.Commit.Change;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.RecordQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The cases about what a commit writes. */
abstract class StoreCommitCases extends StoreFixture {
    static ResourceRecord.Builder full(String id) {
        return fresh(id)
                .owner("alice")
                .node("edge-1")
                .desired("running")
                .observed("created")
                .generation(7)
                .pending(new PendingOperation(
                        new OperationId("op-9"),
                        "container.launch",
                        "create",
                        12,
                        Optional.of(new PendingOperation.Failure(ErrorCode.PORTS_EXHAUSTED, "no port"))))
                .label("zone", "a")
                .label("tier", "")
                .uniqueKey("name:alice/" + id)
                .uniqueKey("port:edge-1/" + id)
                .body("{\"image\":\"nginx\"}");
    }

    @Test
    void find_unknownRecord_isEmpty() {
        assertThat(store.find(key("nobody"))).isEmpty();
    }

    @Test
    void commit_insert_isFoundWholeAtVersionOne() {
        ResourceRecord record = full("a").build();

        CommitResult result = store.commit(commitOf(Change.put(record)));

        assertThat(result).isEqualTo(COMMITTED);
        assertThat(store.find(key("a"))).contains(record.toBuilder().version(1).build());
    }

    @Test
    void commit_insertOfBareRecord_isFoundWhole() {
        ResourceRecord record = inserted(fresh("a").body(""));

        assertThat(record).isEqualTo(fresh("a").body("").version(1).build());
    }

    @Test
    void commit_insertOfExistingRecord_isStaleAndChangesNothing() {
        ResourceRecord before = inserted(full("a"));

        CommitResult result = store.commit(commitOf(Change.put(fresh("a").build())));

        assertThat(result).isEqualTo(CommitResult.stale(key("a")));
        assertThat(stored("a")).isEqualTo(before);
    }

    @Test
    void commit_updates_growTheVersionByOneEach() {
        ResourceRecord record = inserted(fresh("a"));

        for (int i = 2; i <= 5; i++) {
            record = updated(record, builder -> builder.desired("stopped"));
            assertThat(record.version()).isEqualTo(i);
        }
    }

    @Test
    void commit_updateOfEveryPart_isFoundWhole() {
        ResourceRecord before = inserted(full("a"));
        ResourceRecord changed = fresh("a")
                .version(before.version())
                .owner("bob")
                .node("edge-2")
                .desired("removed")
                .observed("running")
                .generation(8)
                .label("zone", "b")
                .label("new", "1")
                .uniqueKey("name:bob/a")
                .body("changed")
                .build();

        assertThat(store.commit(commitOf(Change.put(changed)))).isEqualTo(COMMITTED);

        assertThat(stored("a")).isEqualTo(changed.toBuilder().version(2).build());
    }

    @Test
    void commit_updateOfOlderVersion_isStaleAndChangesNothing() {
        ResourceRecord first = inserted(full("a"));
        ResourceRecord second = updated(first, builder -> builder.desired("stopped"));

        CommitResult result = put(first, builder -> builder.desired("removed"));

        assertThat(result).isEqualTo(CommitResult.stale(key("a")));
        assertThat(stored("a")).isEqualTo(second);
    }

    @Test
    void commit_updateOfVersionYetToCome_isStale() {
        ResourceRecord record = inserted(fresh("a"));

        CommitResult result = put(record, builder -> builder.version(2));

        assertThat(result).isEqualTo(CommitResult.stale(key("a")));
        assertThat(stored("a")).isEqualTo(record);
    }

    @Test
    void commit_updateOfUnknownRecord_isStaleAndInsertsNothing() {
        CommitResult result =
                store.commit(commitOf(Change.put(fresh("a").version(1).build())));

        assertThat(result).isEqualTo(CommitResult.stale(key("a")));
        assertThat(store.find(key("a"))).isEmpty();
    }

    @Test
    void commit_negativeVersion_isStale() {
        CommitResult result =
                store.commit(commitOf(Change.put(fresh("a").version(-1).build())));

        assertThat(result).isEqualTo(CommitResult.stale(key("a")));
    }

    @Test
    void commit_delete_isNotFoundAnyMore() {
        ResourceRecord record = inserted(full("a"));

        assertThat(delete(record)).isEqualTo(COMMITTED);

        assertThat(store.find(key("a"))).isEmpty();
        assertThat(idsOf(RecordQuery.of(KIND))).isEmpty();
    }

    @Test
    void commit_deleteOfOlderVersion_isStaleAndDeletesNothing() {
        ResourceRecord first = inserted(full("a"));
        ResourceRecord second = updated(first, builder -> builder.desired("stopped"));

        assertThat(delete(first)).isEqualTo(CommitResult.stale(key("a")));

        assertThat(stored("a")).isEqualTo(second);
    }

    @Test
    void commit_deleteOfUnknownRecord_isStale() {
        assertThat(delete(fresh("a").version(1).build())).isEqualTo(CommitResult.stale(key("a")));
        assertThat(delete(fresh("a").build())).isEqualTo(CommitResult.stale(key("a")));
    }

    @Test
    void commit_deleteTwice_isStaleTheSecondTime() {
        ResourceRecord record = inserted(full("a"));

        assertThat(delete(record)).isEqualTo(COMMITTED);
        assertThat(delete(record)).isEqualTo(CommitResult.stale(key("a")));
    }

    @Test
    void commit_insertAfterDelete_beginsAtVersionOneWithoutTheOldParts() {
        ResourceRecord old = inserted(full("a"));
        assertThat(delete(updated(old, builder -> builder))).isEqualTo(COMMITTED);

        ResourceRecord record = inserted(fresh("a"));

        assertThat(record).isEqualTo(fresh("a").version(1).build());
    }

    @Test
    void commit_sameIdInTwoKinds_areTwoRecords() {
        ResourceRecord other =
                ResourceRecord.builder(new RecordKey("node", "a")).owner("bob").build();

        CommitResult result = store.commit(commitOf(Change.put(full("a").build()), Change.put(other)));

        assertThat(result).isEqualTo(COMMITTED);
        assertThat(store.find(other.key()).map(ResourceRecord::owner)).contains("bob");
        assertThat(stored("a").owner()).isEqualTo("alice");
    }

    @Test
    void commit_sixteenChangesAndSixtyFourEntries_writesAll() {
        List<Change> changes = IntStream.range(0, 16)
                .mapToObj(i -> Change.put(full("r" + i).build()))
                .toList();
        List<JournalDraft> journal =
                IntStream.range(0, 64).mapToObj(i -> draft("e" + i)).toList();

        assertThat(store.commit(new Commit(changes, journal))).isEqualTo(COMMITTED);

        assertThat(idsOf(RecordQuery.of(KIND))).hasSize(16);
        assertThat(events())
                .containsExactlyElementsOf(
                        journal.stream().map(JournalDraft::event).toList());
    }

    @Test
    void commit_sixteenChangesOfWhichTheLastIsStale_writesNothing() {
        ResourceRecord kept = inserted(full("kept"));
        ResourceRecord gone = inserted(full("gone"));
        ResourceRecord stale = inserted(fresh("zz-stale"));
        updated(stale, builder -> builder.desired("stopped"));
        List<Change> changes = new ArrayList<>();
        changes.add(Change.put(
                kept.toBuilder().releaseKeys("").label("zone", "moved").build()));
        changes.add(Change.delete(gone));
        IntStream.range(0, 13)
                .forEach(i -> changes.add(Change.put(full("new" + i).build())));
        changes.add(Change.put(stale));

        CommitResult result = store.commit(new Commit(changes, List.of(draft("lost"))));

        assertThat(result).isEqualTo(CommitResult.stale(key("zz-stale")));
        assertThat(idsOf(RecordQuery.of(KIND))).containsExactly("gone", "kept", "zz-stale");
        assertThat(List.of(stored("gone"), stored("kept"))).containsExactly(gone, kept);
        assertThat(idsOf(RecordQuery.of(KIND).labelled(kept.labels()))).containsExactly("gone", "kept");
        assertThat(store.findByUniqueKey("name:alice/kept")).contains(kept);
        assertThat(store.findByUniqueKey("name:alice/new0")).isEmpty();
        assertThat(events()).isEmpty();
    }

    @Test
    void commit_staleChangeBeforeGoodOnes_writesNothing() {
        CommitResult result = store.commit(commitOf(
                Change.put(fresh("a").version(4).build()), Change.put(fresh("b").build())));

        assertThat(result).isEqualTo(CommitResult.stale(key("a")));
        assertThat(store.find(key("b"))).isEmpty();
    }

    @Test
    void commit_insertUpdateAndDeleteTogether_doesAll() {
        ResourceRecord a = inserted(full("a"));
        ResourceRecord c = inserted(full("c"));

        CommitResult result = store.commit(commitOf(
                Change.delete(c),
                Change.put(full("b").build()),
                Change.put(a.toBuilder().desired("stopped").build())));

        assertThat(result).isEqualTo(COMMITTED);
        assertThat(idsOf(RecordQuery.of(KIND))).containsExactly("a", "b");
        assertThat(stored("a").desired()).isEqualTo("stopped");
    }

    @Test
    void commit_nothing_isCommitted() {
        assertThat(store.commit(commitOf())).isEqualTo(COMMITTED);
    }

    @Test
    void commit_sameRecordTwice_isRefused() {
        Commit twice = commitOf(
                Change.put(fresh("a").build()), Change.delete(fresh("a").build()));

        assertInvalid(() -> store.commit(twice));
        assertThat(store.find(key("a"))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void commit_hostileText_comesBackAsItWas(String text) {
        ResourceRecord record = fresh(text)
                .owner(text)
                .node(text)
                .desired(text)
                .observed(text)
                .pending(new PendingOperation(new OperationId(text), text, text, 1, Optional.empty()))
                .label(text, text)
                .uniqueKey(text)
                .body(text)
                .build();

        assertThat(store.commit(commitOf(Change.put(record)))).isEqualTo(COMMITTED);

        ResourceRecord expected = record.toBuilder().version(1).build();
        assertThat(store.find(key(text))).contains(expected);
        assertThat(store.findByUniqueKey(text)).contains(expected);
        assertThat(store.page(RecordQuery.of(KIND)
                                .ownedBy(text)
                                .on(text)
                                .observed(text)
                                .labelled(record.labels()))
                        .items())
                .containsExactly(expected);
    }

    static Stream<Function<String, ResourceRecord.Builder>> placesOfText() {
        return Stream.of(
                StoreFixture::fresh,
                text -> fresh("a").owner(text),
                text -> fresh("a").node(text),
                text -> fresh("a").desired(text),
                text -> fresh("a").observed(text),
                text -> fresh("a").pending(new PendingOperation(new OperationId(text), "t", "s", 1, Optional.empty())),
                text -> fresh("a").label(text, "value"),
                text -> fresh("a").label("name", text),
                text -> fresh("a").uniqueKey(text),
                text -> fresh("a").body(text));
    }

    @ParameterizedTest
    @MethodSource("placesOfText")
    void commit_textThatNoDatabaseKeeps_isRefusedEverywhere(Function<String, ResourceRecord.Builder> place) {
        for (String text : List.of("nul\0", "half \ud83d", "\udc33 half", "\ud83dx")) {
            Commit commit = commitOf(Change.put(place.apply(text).build()));

            assertInvalid(() -> store.commit(commit));
        }
        assertThat(idsOf(RecordQuery.of(KIND))).isEmpty();
    }

    @Test
    void commit_bodyOfOneMebibyte_comesBackAsItWas() {
        String body = "ä€x\n".repeat(1 << 18);

        ResourceRecord record = inserted(fresh("a").body(body));

        assertThat(record.body()).isEqualTo(body);
    }

    @Test
    void commit_bodyOverTheLimit_isRefusedWithoutShowingIt() {
        Commit commit = commitOf(
                Change.put(fresh("a").body("secret!!".repeat(1 << 20) + "x").build()));

        assertThatThrownBy(() -> store.commit(commit))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageNotContaining("secret")
                .hasMessageContaining(KIND + "/a");
    }

    static void assertInvalid(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }
}
