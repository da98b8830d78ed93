package io.orchestrator.spi;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which records to page through; the filters narrow each other.
 *
 * @param kind the kind of record
 * @param owner only of this owner
 * @param node only on this node
 * @param observed only in this observed state
 * @param notObserved not in this observed state
 * @param pendingOnly only those in the middle of an operation
 * @param labels with all of these labels, at most 8
 * @param after the cursor: ids greater than this
 * @param limit 1 to 1000
 */
public record RecordQuery(
        String kind,
        Optional<String> owner,
        Optional<String> node,
        Optional<String> observed,
        Optional<String> notObserved,
        boolean pendingOnly,
        SortedMap<String, String> labels,
        Optional<String> after,
        int limit) {
    public RecordQuery {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        if (limit < 1 || limit > Page.MAX_LIMIT || labels.size() > 8) {
            throw OrchestratorException.invalid(
                    "limit " + limit + " is not 1 to 1000, or there are more than 8 labels");
        }
    }

    /** Everything of a kind, from its beginning. */
    public static RecordQuery of(String kind) {
        return new RecordQuery(
                kind,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                new TreeMap<>(),
                Optional.empty(),
                Page.MAX_LIMIT);
    }

    public RecordQuery ownedBy(String value) {
        return new RecordQuery(
                kind, Optional.of(value), node, observed, notObserved, pendingOnly, labels, after, limit);
    }

    public RecordQuery on(String value) {
        return new RecordQuery(
                kind, owner, Optional.of(value), observed, notObserved, pendingOnly, labels, after, limit);
    }

    public RecordQuery observed(String value) {
        return new RecordQuery(kind, owner, node, Optional.of(value), notObserved, pendingOnly, labels, after, limit);
    }

    public RecordQuery notObserved(String value) {
        return new RecordQuery(kind, owner, node, observed, Optional.of(value), pendingOnly, labels, after, limit);
    }

    public RecordQuery pending() {
        return new RecordQuery(kind, owner, node, observed, notObserved, true, labels, after, limit);
    }

    public RecordQuery labelled(SortedMap<String, String> values) {
        return new RecordQuery(kind, owner, node, observed, notObserved, pendingOnly, values, after, limit);
    }

    public RecordQuery after(Optional<String> cursor) {
        return new RecordQuery(kind, owner, node, observed, notObserved, pendingOnly, labels, cursor, limit);
    }

    public RecordQuery limit(int value) {
        return new RecordQuery(kind, owner, node, observed, notObserved, pendingOnly, labels, after, value);
    }
}
