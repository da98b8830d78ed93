package io.orchestrator.store.jdbc;

import io.orchestrator.spi.RecordQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The statement for one page, which walks an index in the order of ids from the cursor on: the one of labels if there
 * are any, else the one of owners, of nodes or of keys.
 *
 * @param sql with one more parameter at its end: how many rows at most
 * @param values its other parameters
 */
record PageStatement(String sql, List<String> values) {
    static PageStatement of(RecordQuery query) {
        StringBuilder from = new StringBuilder();
        StringBuilder where = new StringBuilder();
        List<String> values = new ArrayList<>();
        int label = 0;
        for (Map.Entry<String, String> entry : query.labels().entrySet()) {
            String table = "l" + label++;
            from.append("orchestrator_label ").append(table).append(", ");
            // the kind and the cursor are said of each table, so that each index is entered at the cursor
            where.append(" AND %1$s.id = r.id AND %1$s.name = ? AND %1$s.value = ? AND %1$s.kind = ?".formatted(table));
            values.add(entry.getKey());
            values.add(entry.getValue());
            values.add(query.kind());
            query.after().ifPresent(cursor -> {
                where.append(" AND ").append(table).append(".id > ?");
                values.add(cursor);
            });
        }
        String id = label == 0 ? "r.id" : "l0.id";
        where.append(" AND r.kind = ?");
        values.add(query.kind());
        query.after().ifPresent(cursor -> {
            where.append(" AND r.id > ?");
            values.add(cursor);
        });
        query.owner().ifPresent(owner -> {
            where.append(" AND r.owner = ?");
            values.add(owner);
        });
        query.node().ifPresent(node -> {
            where.append(" AND r.node = ?");
            values.add(node);
        });
        query.observed().ifPresent(observed -> {
            where.append(" AND r.observed = ?");
            values.add(observed);
        });
        query.notObserved().ifPresent(observed -> {
            where.append(" AND r.observed <> ?");
            values.add(observed);
        });
        if (query.pendingOnly()) {
            where.append(" AND r.pending_id IS NOT NULL");
        }
        return new PageStatement(
                "SELECT " + RecordRow.COLUMNS + " FROM " + from + "orchestrator_record r WHERE "
                        + where.substring(" AND ".length()) + " ORDER BY " + id + " LIMIT ?",
                values);
    }
}
