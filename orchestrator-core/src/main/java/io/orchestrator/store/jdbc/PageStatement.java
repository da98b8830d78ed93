package io.orchestrator.store.jdbc;

import io.orchestrator.spi.RecordQuery;
import java.util.ArrayList;
import java.util.List;

/**
 * The statement for one page, which walks an index in the order of ids from the cursor on: the one of label values if
 * labels are asked for, else the one of owners, of nodes or of keys. Never an OFFSET, which would walk all that went before.
 */
final class PageStatement {
    private static final String FURTHER_LABEL = "EXISTS (SELECT 1 FROM orchestrator_label f"
            + " WHERE f.kind = r.kind AND f.id = r.id AND f.name = ? AND f.value = ?)";

    private final List<String> conditions = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final String sql;

    private PageStatement(RecordQuery query) {
        String from = "orchestrator_record r";
        String walked = "r";
        if (!query.labels().isEmpty()) {
            // SQLite keeps the order of a CROSS JOIN: it would else prefer indexes that it has no statistics about
            from = "orchestrator_label l CROSS JOIN orchestrator_record r";
            walked = "l";
            String first = query.labels().firstKey();
            and("l.name = ? AND l.value = ?", first, query.labels().getOrDefault(first, ""));
            and("r.kind = l.kind AND r.id = l.id");
        }
        and(walked + ".kind = ?", query.kind());
        String cursor = walked + ".id > ?";
        query.after().ifPresent(id -> and(cursor, id));
        query.labels().entrySet().stream()
                .skip(1)
                .forEach(label -> and(FURTHER_LABEL, label.getKey(), label.getValue()));
        query.owner().ifPresent(owner -> and("r.owner = ?", owner));
        query.node().ifPresent(node -> and("r.node = ?", node));
        query.observed().ifPresent(observed -> and("r.observed = ?", observed));
        query.notObserved().ifPresent(observed -> and("r.observed <> ?", observed));
        if (query.pendingOnly()) {
            and("r.pending_id IS NOT NULL");
        }
        sql = "SELECT " + RecordRow.COLUMNS + " FROM " + from + " WHERE " + String.join(" AND ", conditions)
                + " ORDER BY " + walked + ".id LIMIT ?";
    }

    static PageStatement of(RecordQuery query) {
        return new PageStatement(query);
    }

    /** The statement; its last parameter is how many rows at most. */
    String sql() {
        return sql;
    }

    /** The other parameters. */
    List<String> values() {
        return values;
    }

    private void and(String condition, String... itsValues) {
        conditions.add(condition);
        values.addAll(List.of(itsValues));
    }
}
