package io.orchestrator.store.jdbc;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads the journal. */
final class JournalReader {
    private static final String AFTER = "SELECT position, at, kind, id, operation, event, detail"
            + " FROM orchestrator_journal WHERE position > ? ORDER BY position LIMIT ?";

    private final Dialect dialect;

    JournalReader(Dialect dialect) {
        this.dialect = dialect;
    }

    List<JournalEntry> after(Connection connection, long position, int limit) throws SQLException {
        try (PreparedStatement select = dialect.prepare(connection, AFTER)) {
            select.setLong(1, position);
            select.setInt(2, limit);
            List<JournalEntry> entries = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new JournalEntry(row.getLong(1), read(row)));
                }
            }
            return entries;
        }
    }

    /** A damaged entry is shown as such: left out, it could hold a reader at its position for ever. */
    private static JournalDraft read(ResultSet row) throws SQLException {
        try {
            return new JournalDraft(
                    Instant.parse(row.getString(2)),
                    new RecordKey(row.getString(3), row.getString(4)),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7));
        } catch (DateTimeException | OrchestratorException damaged) {
            RecordKey unknown = new RecordKey("journal", row.getString(1));
            return new JournalDraft(Instant.EPOCH, unknown, "", "journal.unreadable", "this entry is damaged");
        }
    }
}
