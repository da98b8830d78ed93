package io.orchestrator.store.jdbc;

import io.orchestrator.operation.RecordKey;
import io.orchestrator.spi.Commit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Writes the differences of labels and unique keys, which are usually none. */
final class IndexWriter {
    /** Without {@code VALUES} for the reason given at {@link RecordRow#INSERT}. */
    private static final String CLAIM = "INSERT INTO orchestrator_unique_key (unique_key, kind, id)"
            + " SELECT ?, ?, ? WHERE true ON CONFLICT DO NOTHING";

    private static final String RELEASE =
            "DELETE FROM orchestrator_unique_key WHERE unique_key = ? AND kind = ? AND id = ?";
    private static final String LABEL = "INSERT INTO orchestrator_label (kind, id, name, value) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (kind, id, name) DO UPDATE SET value = excluded.value";
    private static final String UNLABEL = "DELETE FROM orchestrator_label WHERE kind = ? AND id = ? AND name = ?";

    private final Dialect dialect;

    IndexWriter(Dialect dialect) {
        this.dialect = dialect;
    }

    /** One row to write: the statement, and what it takes. */
    private record Row(String sql, List<String> values) {
        static Row of(String sql, String... values) {
            return new Row(sql, List.of(values));
        }
    }

    /** Gives the key that another record holds, if there is one; labels are not written then. */
    Optional<String> write(Connection connection, List<Commit.Change> changes, Map<RecordKey, Indexed> replaced)
            throws SQLException {
        List<Row> keys = new ArrayList<>();
        List<Row> labels = new ArrayList<>();
        for (Commit.Change change : changes) {
            RecordKey key = change.record().key();
            Indexed before = replaced.getOrDefault(key, Indexed.NOTHING);
            Indexed after = Indexed.after(change);
            keys.addAll(keyRows(key, before, after));
            labels.addAll(labelRows(key, before, after));
        }
        // by key, so that two commits meet in the same order; a key changes hands by its release first
        keys.sort(Comparator.comparing((Row row) -> row.values().get(0))
                .thenComparing(row -> row.sql().equals(CLAIM)));
        Optional<Row> refused = writeInRuns(connection, keys);
        if (refused.isPresent()) {
            return Optional.of(refused.get().values().get(0));
        }
        labels.sort(Comparator.comparing(Row::sql));
        writeInRuns(connection, labels);
        return Optional.empty();
    }

    private static List<Row> keyRows(RecordKey key, Indexed before, Indexed after) {
        List<Row> rows = new ArrayList<>();
        for (String held : before.uniqueKeys()) {
            if (!after.uniqueKeys().contains(held)) {
                rows.add(Row.of(RELEASE, held, key.kind(), key.id()));
            }
        }
        for (String wanted : after.uniqueKeys()) {
            if (!before.uniqueKeys().contains(wanted)) {
                rows.add(Row.of(CLAIM, wanted, key.kind(), key.id()));
            }
        }
        return rows;
    }

    private static List<Row> labelRows(RecordKey key, Indexed before, Indexed after) {
        List<Row> rows = new ArrayList<>();
        for (String name : before.labels().keySet()) {
            if (!after.labels().containsKey(name)) {
                rows.add(Row.of(UNLABEL, key.kind(), key.id(), name));
            }
        }
        after.labels().forEach((name, value) -> {
            if (!Objects.equals(before.labels().get(name), value)) {
                rows.add(Row.of(LABEL, key.kind(), key.id(), name, value));
            }
        });
        return rows;
    }

    /** Writes neighbours that share a statement in one round trip; stops at the first claim that wrote nothing. */
    private Optional<Row> writeInRuns(Connection connection, List<Row> rows) throws SQLException {
        for (int from = 0; from < rows.size(); ) {
            int to = from + 1;
            while (to < rows.size() && rows.get(to).sql().equals(rows.get(from).sql())) {
                to++;
            }
            Optional<Row> refused = writeRun(connection, rows.subList(from, to));
            if (refused.isPresent()) {
                return refused;
            }
            from = to;
        }
        return Optional.empty();
    }

    private Optional<Row> writeRun(Connection connection, List<Row> run) throws SQLException {
        String sql = run.get(0).sql();
        try (PreparedStatement statement = dialect.prepare(connection, sql)) {
            for (Row row : run) {
                for (int i = 0; i < row.values().size(); i++) {
                    statement.setString(i + 1, row.values().get(i));
                }
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                if (sql.equals(CLAIM) && counts[i] != 1) {
                    return Optional.of(run.get(i));
                }
            }
            return Optional.empty();
        }
    }
}
