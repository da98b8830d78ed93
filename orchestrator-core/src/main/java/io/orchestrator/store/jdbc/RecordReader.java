package io.orchestrator.store.jdbc;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.RecordQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads records, each by one statement. */
final class RecordReader {
    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);
    private static final int MAX_WARNINGS = 1_000;

    private static final String BY_KEY =
            "SELECT " + RecordRow.COLUMNS + " FROM orchestrator_record r WHERE r.kind = ? AND r.id = ?";
    private static final String BY_UNIQUE_KEY = "SELECT " + RecordRow.COLUMNS
            + " FROM orchestrator_unique_key u JOIN orchestrator_record r ON r.kind = u.kind AND r.id = u.id"
            + " WHERE u.unique_key = ?";

    private final Dialect dialect;
    private final RecordRow rows;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    RecordReader(Dialect dialect, RecordRow rows) {
        this.dialect = dialect;
        this.rows = rows;
    }

    Optional<ResourceRecord> find(Connection connection, RecordKey key) throws SQLException {
        return one(connection, BY_KEY, key.kind(), key.id());
    }

    Optional<ResourceRecord> findByUniqueKey(Connection connection, String uniqueKey) throws SQLException {
        return one(connection, BY_UNIQUE_KEY, uniqueKey);
    }

    /** A row that cannot be read is left out and warned of once; the cursor passes it. */
    Page<ResourceRecord> page(Connection connection, RecordQuery query) throws SQLException {
        PageStatement page = PageStatement.of(query);
        try (PreparedStatement select = dialect.prepare(connection, page.sql())) {
            bind(select, page.values());
            // one more than asked for shows whether there is a next page
            select.setInt(page.values().size() + 1, query.limit() + 1);
            List<ResourceRecord> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                String last = "";
                for (int i = 0; row.next(); i++) {
                    if (i == query.limit()) {
                        return new Page<>(found, Optional.of(last));
                    }
                    last = row.getString(2);
                    addReadable(row, found);
                }
            }
            return new Page<>(found, Optional.empty());
        }
    }

    private void addReadable(ResultSet row, List<ResourceRecord> found) throws SQLException {
        try {
            found.add(rows.read(row));
        } catch (CorruptRecordException corrupt) {
            // every reconciliation pages through everything: one line for each row is enough, and it is bounded
            if (warned.size() < MAX_WARNINGS && warned.add(corrupt.getMessage())) {
                LOG.warn("left out of listings: {}", corrupt.getMessage());
            }
        }
    }

    private Optional<ResourceRecord> one(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement select = dialect.prepare(connection, sql)) {
            bind(select, List.of(values));
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(rows.read(row)) : Optional.empty();
            }
        }
    }

    private static void bind(PreparedStatement statement, List<String> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setString(i + 1, values.get(i));
        }
    }
}
