package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.Commit.Change;
import io.orchestrator.spi.CommitResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cases about keys that only one record may hold. */
abstract class StoreUniqueKeyCases extends StoreCommitCases {
    @Test
    void findByUniqueKey_unknownKey_isEmpty() {
        assertThat(store.findByUniqueKey("nobody's")).isEmpty();
    }

    @Test
    void findByUniqueKey_heldKey_isTheLatestVersionOfItsHolder() {
        ResourceRecord second = updated(inserted(fresh("a").uniqueKey("k")), builder -> builder.body("new"));

        assertThat(store.findByUniqueKey("k")).contains(second);
    }

    @Test
    void findByUniqueKey_otherCase_isEmpty() {
        inserted(fresh("a").uniqueKey("key"));

        assertThat(store.findByUniqueKey("KEY")).isEmpty();
    }

    @Test
    void findByUniqueKey_nul_isRefused() {
        assertInvalid(() -> store.findByUniqueKey("nul\0"));
    }

    @Test
    void commit_keyOfAnotherRecord_isTakenAndNothingIsWritten() {
        ResourceRecord holder = inserted(fresh("a").uniqueKey("k"));
        Commit commit = new Commit(
                List.of(
                        Change.put(fresh("b").uniqueKey("free").build()),
                        Change.put(fresh("c").uniqueKey("k").label("zone", "a").build())),
                List.of(draft("lost")));

        CommitResult result = store.commit(commit);

        assertThat(result).isEqualTo(CommitResult.keyTaken("k"));
        assertThat(store.find(key("b"))).isEmpty();
        assertThat(store.find(key("c"))).isEmpty();
        assertThat(store.findByUniqueKey("free")).isEmpty();
        assertThat(store.findByUniqueKey("k")).contains(holder);
        assertThat(events()).isEmpty();
    }

    @Test
    void commit_updateToKeyOfAnotherRecord_isTaken() {
        inserted(fresh("a").uniqueKey("k"));
        ResourceRecord other = inserted(fresh("b").uniqueKey("own"));

        CommitResult result = put(other, builder -> builder.releaseKeys("").uniqueKey("k"));

        assertThat(result).isEqualTo(CommitResult.keyTaken("k"));
        assertThat(store.findByUniqueKey("own")).contains(other);
    }

    @Test
    void commit_keyOfRecordOfAnotherKind_isTaken() {
        inserted(fresh("a").uniqueKey("k"));
        ResourceRecord other = ResourceRecord.builder(new RecordKey("node", "a"))
                .uniqueKey("k")
                .build();

        assertThat(store.commit(commitOf(Change.put(other)))).isEqualTo(CommitResult.keyTaken("k"));
    }

    @Test
    void commit_staleRecordAndTakenKey_saysStale() {
        inserted(fresh("a").uniqueKey("k"));
        inserted(fresh("z"));

        CommitResult result = store.commit(commitOf(
                Change.put(fresh("b").uniqueKey("k").build()),
                Change.put(fresh("z").build())));

        assertThat(result).isEqualTo(CommitResult.stale(key("z")));
    }

    @Test
    void commit_twoRecordsWithOneNewKey_isTaken() {
        CommitResult result = store.commit(commitOf(
                Change.put(fresh("a").uniqueKey("k").build()),
                Change.put(fresh("b").uniqueKey("k").build())));

        assertThat(result).isEqualTo(CommitResult.keyTaken("k"));
        assertThat(store.find(key("a"))).isEmpty();
    }

    @Test
    void commit_secondRecordClaimsKeyThatItsHolderKeeps_isTaken() {
        ResourceRecord holder = inserted(fresh("a").uniqueKey("k"));

        CommitResult result = store.commit(commitOf(
                Change.put(holder.toBuilder().body("new").build()),
                Change.put(fresh("b").uniqueKey("k").build())));

        assertThat(result).isEqualTo(CommitResult.keyTaken("k"));
        assertThat(stored("a")).isEqualTo(holder);
    }

    @Test
    void commit_updateThatKeepsItsKey_isCommitted() {
        ResourceRecord record = inserted(fresh("a").uniqueKey("k"));

        assertThat(updated(record, builder -> builder.uniqueKey("more")).uniqueKeys())
                .containsExactly("k", "more");

        assertThat(store.findByUniqueKey("more")).isPresent();
    }

    @Test
    void commit_updateThatReleasesItsKey_freesIt() {
        ResourceRecord holder = inserted(fresh("a").uniqueKey("k").uniqueKey("kept"));
        updated(holder, builder -> builder.releaseKeys("k").uniqueKey("kept"));

        assertThat(store.findByUniqueKey("k")).isEmpty();
        assertThat(store.findByUniqueKey("kept")).isPresent();
        assertThat(inserted(fresh("b").uniqueKey("k")).uniqueKeys()).containsExactly("k");
    }

    @Test
    void commit_deleteOfHolder_freesItsKeys() {
        assertThat(delete(inserted(fresh("a").uniqueKey("k")))).isEqualTo(COMMITTED);

        assertThat(store.findByUniqueKey("k")).isEmpty();
        inserted(fresh("b").uniqueKey("k"));
        assertThat(store.findByUniqueKey("k").map(ResourceRecord::key)).contains(key("b"));
    }

    @Test
    void commit_keyMovedToALaterRecord_isHeldByIt() {
        assertMoves("a", "b");
    }

    @Test
    void commit_keyMovedToAnEarlierRecord_isHeldByIt() {
        assertMoves("b", "a");
    }

    private void assertMoves(String from, String to) {
        ResourceRecord holder = inserted(fresh(from).uniqueKey("k"));
        ResourceRecord heir = inserted(fresh(to));

        CommitResult result = store.commit(commitOf(
                Change.put(holder.toBuilder().releaseKeys("").build()),
                Change.put(heir.toBuilder().uniqueKey("k").build())));

        assertThat(result).isEqualTo(COMMITTED);
        assertThat(store.findByUniqueKey("k")).contains(stored(to));
        assertThat(stored(from).uniqueKeys()).isEmpty();
    }

    @Test
    void commit_keyMovedByTheHeirFirst_isHeldByIt() {
        ResourceRecord holder = inserted(fresh("a").uniqueKey("k"));

        CommitResult result =
                store.commit(commitOf(Change.put(fresh("b").uniqueKey("k").build()), Change.delete(holder)));

        assertThat(result).isEqualTo(COMMITTED);
        assertThat(store.findByUniqueKey("k").map(ResourceRecord::key)).contains(key("b"));
    }

    @Test
    void commit_twoRecordsSwapTheirKeys_eachHoldsTheOther() {
        ResourceRecord a = inserted(fresh("a").uniqueKey("left"));
        ResourceRecord b = inserted(fresh("b").uniqueKey("right"));

        CommitResult result = store.commit(commitOf(
                Change.put(a.toBuilder().releaseKeys("").uniqueKey("right").build()),
                Change.put(b.toBuilder().releaseKeys("").uniqueKey("left").build())));

        assertThat(result).isEqualTo(COMMITTED);
        assertThat(store.findByUniqueKey("right").map(ResourceRecord::key)).contains(key("a"));
        assertThat(store.findByUniqueKey("left").map(ResourceRecord::key)).contains(key("b"));
    }

    @Test
    void commit_keyReleasedAndClaimedAgain_isHeldAgain() {
        ResourceRecord record = inserted(fresh("a").uniqueKey("k"));
        ResourceRecord without = updated(record, builder -> builder.releaseKeys(""));

        ResourceRecord again = updated(without, builder -> builder.uniqueKey("k"));

        assertThat(store.findByUniqueKey("k")).contains(again);
    }
}
