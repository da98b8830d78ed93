package io.orchestrator.crash;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.testing.StoreOverlay;
import java.util.Optional;
import java.util.Random;

/** A store that tells of each commit that took place, is away at times, and sometimes cannot say what became of a commit. */
final class FaultyStore extends StoreOverlay {
    private final Invariants invariants;
    private final Random random;
    private boolean down;
    private double ambiguous;
    private long commits;
    private String lastEvents = "";

    FaultyStore(Store correct, Invariants invariants, long seed) {
        super(correct);
        this.invariants = invariants;
        this.random = new Random(seed);
    }

    void down(boolean value) {
        down = value;
    }

    /** Of so many commits the outcome is not told; half of these take place. */
    void ambiguous(double share) {
        ambiguous = share;
    }

    /** What the last commit was about. */
    String lastEvents() {
        return lastEvents;
    }

    long commits() {
        return commits;
    }

    @Override
    public CommitResult commit(Commit commit) {
        requireUp();
        boolean untold = random.nextDouble() < ambiguous;
        if (untold && random.nextBoolean()) {
            throw new OutcomeUnknownException("the connection was lost at the commit", null);
        }
        CommitResult result = super.commit(commit);
        if (result.kind() == CommitResult.Kind.COMMITTED) {
            commits++;
            lastEvents = commit.journal().toString();
            invariants.committed(commit);
        }
        if (untold) {
            throw new OutcomeUnknownException("the connection was lost at the commit", null);
        }
        return result;
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        requireUp();
        return super.find(key);
    }

    @Override
    public Optional<ResourceRecord> findByUniqueKey(String uniqueKey) {
        requireUp();
        return super.findByUniqueKey(uniqueKey);
    }

    @Override
    public Page<ResourceRecord> page(RecordQuery query) {
        requireUp();
        return super.page(query);
    }

    private void requireUp() {
        if (down) {
            throw new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "the store is down");
        }
    }
}
