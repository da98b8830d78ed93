package io.orchestrator.spi;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The limits of what a store keeps. Every store calls the matching check first in each verb, so that what one store
 * refuses all of them refuse, with {@link io.orchestrator.operation.ErrorCode#INVALID_ARGUMENT}.
 *
 * <p>No text may hold NUL or half a surrogate pair: databases cannot keep them. Messages never show a body. Thread-safe.
 */
public final class StoreLimits {
    /** The longest body, in UTF-8 bytes. */
    public static final int MAX_BODY = 8 * 1024 * 1024;
    /** The longest unique key or label value, in UTF-8 bytes; what a database can still index. */
    public static final int MAX_KEY = 1024;
    /** The longest owner, node, state, operation id, type or step, or label name, in UTF-8 bytes. */
    public static final int MAX_NAME = 256;
    /** The most labels, and the most unique keys, of one record. */
    public static final int MAX_ITEMS = 1000;
    /** The longest name of a journal event, in UTF-8 bytes. */
    public static final int MAX_EVENT = 384;
    /** The longest detail of a journal entry or message of a failure, in UTF-8 bytes. */
    public static final int MAX_DETAIL = 12_288;

    private StoreLimits() {}

    /** Checks everything that a commit would write, and that each change is on another record. */
    public static void check(Commit commit) {
        Set<RecordKey> seen = new HashSet<>();
        for (Commit.Change change : commit.changes()) {
            RecordKey key = change.record().key();
            check(key);
            if (!seen.add(key)) {
                throw OrchestratorException.invalid("a commit changes record '" + key + "' twice");
            }
            if (!change.delete()) {
                check(change.record());
            }
        }
        for (JournalDraft draft : commit.journal()) {
            check(draft.record());
            text("the operation of a journal entry", draft.operation(), MAX_NAME);
            text("the event of a journal entry", draft.event(), MAX_EVENT);
            text("the detail of a journal entry", draft.detail(), MAX_DETAIL);
        }
    }

    /** Checks the key of a record. */
    public static void check(RecordKey key) {
        text("a record id", key.id(), 3 * 128);
    }

    /** Checks what a query asks for. */
    public static void check(RecordQuery query) {
        text("the kind", query.kind(), 32);
        query.owner().ifPresent(value -> text("the owner", value, MAX_NAME));
        query.node().ifPresent(value -> text("the node", value, MAX_NAME));
        query.observed().ifPresent(value -> text("the observed state", value, MAX_NAME));
        query.notObserved().ifPresent(value -> text("the observed state", value, MAX_NAME));
        query.labels().forEach(StoreLimits::label);
        query.after().ifPresent(value -> text("the cursor", value, 3 * 128));
    }

    /** Checks a unique key. */
    public static void checkUniqueKey(String uniqueKey) {
        text("a unique key", uniqueKey, MAX_KEY);
    }

    /** Checks how many journal entries are asked for: 1 to 1000. */
    public static void checkJournalLimit(int limit) {
        if (limit < 1 || limit > Page.MAX_LIMIT) {
            throw OrchestratorException.invalid("limit " + limit + " is not 1 to " + Page.MAX_LIMIT);
        }
    }

    private static void check(ResourceRecord record) {
        String of = " of '" + record.key() + "'";
        for (String name : List.of(record.owner(), record.node(), record.desired(), record.observed())) {
            text("an owner, node or state" + of, name, MAX_NAME);
        }
        record.pending().ifPresent(pending -> check(pending, of));
        if (record.labels().size() > MAX_ITEMS || record.uniqueKeys().size() > MAX_ITEMS) {
            throw OrchestratorException.invalid("the labels or the unique keys" + of + " are over " + MAX_ITEMS);
        }
        record.labels().forEach(StoreLimits::label);
        record.uniqueKeys().forEach(StoreLimits::checkUniqueKey);
        text("the body" + of, record.body(), MAX_BODY);
    }

    private static void check(PendingOperation pending, String of) {
        for (String name : List.of(pending.id().value(), pending.type(), pending.step())) {
            text("an operation's id, type or step" + of, name, MAX_NAME);
        }
        pending.failure().ifPresent(failure -> text("the failure" + of, failure.message(), MAX_DETAIL));
    }

    private static void label(String name, String value) {
        text("a label name", name, MAX_NAME);
        text("a label value", value, MAX_KEY);
    }

    private static void text(String what, String value, int maxBytes) {
        int bytes = 0;
        for (int i = 0; i < value.length() && bytes <= maxBytes; i++) {
            char c = value.charAt(i);
            if (c == 0) {
                throw OrchestratorException.invalid(what + " holds a NUL character");
            }
            if (!Character.isSurrogate(c)) {
                bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            } else if (Character.isSurrogatePair(c, i + 1 < value.length() ? value.charAt(i + 1) : c)) {
                bytes += 4;
                i++;
            } else {
                throw OrchestratorException.invalid(what + " holds half a surrogate pair");
            }
        }
        if (bytes > maxBytes) {
            throw OrchestratorException.invalid(what + " is longer than " + maxBytes + " bytes of UTF-8");
        }
    }
}
