package io.orchestrator.service;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A store whose host dies after a number of commits: nothing gets in or out any more. What was committed stays. */
final class CrashingStore implements Store {
    private final Store base;
    private final CountDownLatch crashed = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private int commits;
    private int crashAfter = Integer.MAX_VALUE;

    CrashingStore(Store base) {
        this.base = base;
    }

    /** Lets that many further commits take place. */
    synchronized void crashAfter(int more) {
        crashAfter = commits + more;
    }

    synchronized int commits() {
        return commits;
    }

    /** Waits until the host died, or until what was to make it die ended without; whether it died. */
    boolean awaitCrash() throws InterruptedException {
        if (!over.await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("neither died nor ended");
        }
        return crashed.getCount() == 0;
    }

    void callerEnded() {
        over.countDown();
    }

    @Override
    public CommitResult commit(Commit commit) {
        synchronized (this) {
            alive();
            // a node's status is stored by itself, at no particular moment
            if (commit.journal().stream().noneMatch(entry -> entry.event().startsWith("node/"))) {
                if (commits >= crashAfter) {
                    crashed.countDown();
                    over.countDown();
                    alive();
                }
                commits++;
            }
        }
        return base.commit(commit);
    }

    private void alive() {
        if (crashed.getCount() == 0) {
            throw new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "the host died");
        }
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        alive();
        return base.find(key);
    }

    @Override
    public Optional<ResourceRecord> findByUniqueKey(String uniqueKey) {
        alive();
        return base.findByUniqueKey(uniqueKey);
    }

    @Override
    public Page<ResourceRecord> page(RecordQuery query) {
        alive();
        return base.page(query);
    }

    @Override
    public List<JournalEntry> journal(long after, int limit) {
        alive();
        return base.journal(after, limit);
    }

    /** The store below belongs to the test, which opens it again. */
    @Override
    public void close() {}
}
