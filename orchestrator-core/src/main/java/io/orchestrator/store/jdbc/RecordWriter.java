package io.orchestrator.store.jdbc;

import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes a commit.
 *
 * <p>What it replaces is read before the transaction begins: the compare-and-set on the version proves afterwards that it
 * was still so. Every commit takes its locks in one order (records by key, unique keys, the journal's head), so two
 * commits never wait for each other in a circle.
 */
final class RecordWriter {
    private static final String DELETE = "DELETE FROM orchestrator_record WHERE kind = ? AND id = ? AND version = ?";

    private final Dialect dialect;
    private final RecordRow rows;
    private final IndexWriter indexes;

    RecordWriter(Dialect dialect, RecordRow rows) {
        this.dialect = dialect;
        this.rows = rows;
        this.indexes = new IndexWriter(dialect);
    }

    CommitResult write(Connection connection, Commit commit) throws SQLException {
        List<Commit.Change> changes = commit.changes().stream()
                .sorted(Comparator.comparing(
                                (Commit.Change change) -> change.record().key().kind())
                        .thenComparing(change -> change.record().key().id()))
                .toList();
        Map<RecordKey, Indexed> replaced = new HashMap<>();
        Optional<RecordKey> stale = readReplaced(connection, changes, replaced);
        if (stale.isPresent()) {
            return CommitResult.stale(stale.get());
        }
        return Transactions.run(
                connection,
                result -> result.kind() == CommitResult.Kind.COMMITTED,
                inside -> write(inside, changes, replaced, commit));
    }

    private CommitResult write(
            Connection connection, List<Commit.Change> changes, Map<RecordKey, Indexed> replaced, Commit commit)
            throws SQLException {
        for (int from = 0; from < changes.size(); ) {
            int to = endOfRun(changes, from);
            Optional<RecordKey> stale = writeRun(connection, changes.subList(from, to));
            if (stale.isPresent()) {
                return CommitResult.stale(stale.get());
            }
            from = to;
        }
        Optional<String> taken = indexes.write(connection, changes, replaced);
        if (taken.isPresent()) {
            return CommitResult.keyTaken(taken.get());
        }
        if (!commit.journal().isEmpty()) {
            dialect.appendToJournal(connection, commit.journal());
        }
        return CommitResult.committed();
    }

    /** Reads the labels and keys that updates and deletes replace; gives the key of a record that is already newer. */
    private Optional<RecordKey> readReplaced(
            Connection connection, List<Commit.Change> changes, Map<RecordKey, Indexed> replaced) throws SQLException {
        List<ResourceRecord> existing = changes.stream()
                .filter(change -> !isInsert(change))
                .map(Commit.Change::record)
                .toList();
        if (existing.isEmpty()) {
            return Optional.empty();
        }
        String sql = "SELECT kind, id, version, labels, unique_keys FROM orchestrator_record WHERE "
                + existing.stream().map(record -> "(kind = ? AND id = ?)").collect(Collectors.joining(" OR "));
        Map<RecordKey, Long> versions = new HashMap<>();
        try (PreparedStatement select = dialect.prepare(connection, sql)) {
            int index = 1;
            for (ResourceRecord record : existing) {
                select.setString(index++, record.key().kind());
                select.setString(index++, record.key().id());
            }
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    RecordKey key = new RecordKey(row.getString(1), row.getString(2));
                    versions.put(key, row.getLong(3));
                    replaced.put(
                            key,
                            new Indexed(
                                    rows.labels(key.kind(), key.id(), row.getString(4)),
                                    rows.uniqueKeys(key.kind(), key.id(), row.getString(5))));
                }
            }
        }
        return existing.stream()
                .filter(record -> !Long.valueOf(record.version()).equals(versions.get(record.key())))
                .map(ResourceRecord::key)
                .findFirst();
    }

    /** Writes changes of one sort in one round trip; gives the key of one that lost its compare-and-set. */
    private Optional<RecordKey> writeRun(Connection connection, List<Commit.Change> run) throws SQLException {
        try (PreparedStatement statement = dialect.prepare(connection, statementFor(run.get(0)))) {
            for (Commit.Change change : run) {
                bind(statement, change);
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] != 1) {
                    return Optional.of(run.get(i).record().key());
                }
            }
            return Optional.empty();
        }
    }

    private void bind(PreparedStatement statement, Commit.Change change) throws SQLException {
        ResourceRecord record = change.record();
        if (change.delete()) {
            statement.setString(1, record.key().kind());
            statement.setString(2, record.key().id());
            statement.setLong(3, record.version());
            return;
        }
        int next = rows.bindValues(statement, record);
        if (!isInsert(change)) {
            statement.setLong(next, record.version());
        }
    }

    private static int endOfRun(List<Commit.Change> changes, int from) {
        int to = from + 1;
        while (to < changes.size() && statementFor(changes.get(to)).equals(statementFor(changes.get(from)))) {
            to++;
        }
        return to;
    }

    private static String statementFor(Commit.Change change) {
        return change.delete() ? DELETE : isInsert(change) ? RecordRow.INSERT : RecordRow.UPDATE;
    }

    private static boolean isInsert(Commit.Change change) {
        return !change.delete() && change.record().version() == 0;
    }
}
