package io.orchestrator.spi;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import java.util.List;
import java.util.Optional;

/**
 * Keeps records and the journal of what happened to them. All logic is in the library; a store only keeps.
 *
 * <p>Called from many threads; blocks for a bounded time. Every verb throws {@link OrchestratorException} with
 * {@link ErrorCode#STORE_UNAVAILABLE} when the store cannot answer, and {@link #commit} with
 * {@link io.orchestrator.operation.OutcomeUnknownException} when it cannot tell whether the commit took place.
 * After {@link #close} every verb throws with {@link ErrorCode#CLOSED}. What {@link StoreLimits} refuses, every store refuses.
 */
public interface Store extends AutoCloseable {
    /**
     * Writes all or nothing: at most 16 changes and 64 journal entries. When it returns a committed result, the commit
     * is as durable as this store ever makes it. A stale record is reported before a taken key. A unique key may change
     * hands within one commit.
     */
    CommitResult commit(Commit commit);

    /**
     * The latest version of a record.
     *
     * @throws OrchestratorException {@link ErrorCode#PROTOCOL_ERROR} if what is stored cannot be understood
     */
    Optional<ResourceRecord> find(RecordKey key);

    /** The record that holds the unique key. */
    Optional<ResourceRecord> findByUniqueKey(String uniqueKey);

    /**
     * One page of records of a kind, by id in the order of code points. The cursor is the last id of the page. What cannot
     * be understood is left out, so a page may hold fewer than its limit, even none, and still have a next one.
     */
    Page<ResourceRecord> page(RecordQuery query);

    /**
     * Journal entries after the position, oldest first; positions follow the order of commits, so a reader never skips one.
     *
     * @param limit 1 to 1000
     */
    List<JournalEntry> journal(long after, int limit);

    /** Gives its resources back; idempotent. */
    @Override
    void close();
}
