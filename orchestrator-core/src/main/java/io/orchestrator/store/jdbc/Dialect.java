package io.orchestrator.store.jdbc;

import io.orchestrator.spi.JournalDraft;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** Where the databases differ. */
enum Dialect {
    POSTGRESQL("postgresql", "SELECT 1 WHERE to_regclass('orchestrator_schema') IS NOT NULL") {
        @Override
        void appendToJournal(Connection connection, List<JournalDraft> drafts) throws SQLException {
            try (PreparedStatement insert = prepare(connection, APPEND)) {
                insert.setInt(1, drafts.size());
                insert.setInt(2, drafts.size());
                int index = 3;
                for (Function<JournalDraft, String> column : JOURNAL_COLUMNS) {
                    Object[] values = drafts.stream().map(column).toArray();
                    Array array = connection.createArrayOf("text", values);
                    insert.setArray(index++, array);
                }
                insert.executeUpdate();
            }
        }

        @Override
        PreparedStatement prepare(Connection connection, String sql) throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            statement.setQueryTimeout(STATEMENT_SECONDS);
            return statement;
        }

        @Override
        void lockForMigration(Connection connection) throws SQLException {
            try (PreparedStatement lock = prepare(connection, "SELECT pg_advisory_xact_lock(8230594873120984112)")) {
                lock.execute();
            }
        }
    },

    SQLITE("sqlite", "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'orchestrator_schema'") {
        @Override
        void appendToJournal(Connection connection, List<JournalDraft> drafts) throws SQLException {
            try (PreparedStatement insert = prepare(
                    connection,
                    "INSERT INTO orchestrator_journal (at, kind, id, operation, event, detail)"
                            + " VALUES (?, ?, ?, ?, ?, ?)")) {
                for (JournalDraft draft : drafts) {
                    for (int i = 0; i < JOURNAL_COLUMNS.size(); i++) {
                        insert.setString(i + 1, JOURNAL_COLUMNS.get(i).apply(draft));
                    }
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        }

        @Override
        PreparedStatement prepare(Connection connection, String sql) throws SQLException {
            // waits for nothing but the disk and, up to its busy timeout, foreign processes
            return connection.prepareStatement(sql);
        }

        @Override
        void lockForMigration(Connection connection) {
            // the lock file beside the database keeps every other host out
        }
    };

    /** How long one statement may take. */
    static final int STATEMENT_SECONDS = 10;

    private static final List<Function<JournalDraft, String>> JOURNAL_COLUMNS = List.of(
            draft -> draft.at().toString(),
            draft -> draft.record().kind(),
            draft -> draft.record().id(),
            JournalDraft::operation,
            JournalDraft::event,
            JournalDraft::detail);

    private static final String APPEND = "WITH head AS (UPDATE orchestrator_journal_head SET position = position + ?"
            + " RETURNING position)"
            + " INSERT INTO orchestrator_journal (position, at, kind, id, operation, event, detail)"
            + " SELECT head.position - ? + entry.ord, entry.at, entry.kind, entry.id, entry.operation, entry.event,"
            + " entry.detail FROM head, unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[])"
            + " WITH ORDINALITY AS entry(at, kind, id, operation, event, detail, ord)";

    private final String resourcePrefix;
    private final String schemaTableExists;

    Dialect(String resourcePrefix, String schemaTableExists) {
        this.resourcePrefix = resourcePrefix;
        this.schemaTableExists = schemaTableExists;
    }

    /** The start of the names of its schema scripts. */
    String resourcePrefix() {
        return resourcePrefix;
    }

    /** A query that gives one row if the table of schema versions exists. */
    String schemaTableExists() {
        return schemaTableExists;
    }

    /**
     * Appends entries inside the transaction, as its last statement: what follows it in the order of positions must
     * not become visible before it.
     */
    abstract void appendToJournal(Connection connection, List<JournalDraft> drafts) throws SQLException;

    /** Prepares a statement that cannot run for ever. */
    abstract PreparedStatement prepare(Connection connection, String sql) throws SQLException;

    /** Makes every other migration wait until this transaction ends. */
    abstract void lockForMigration(Connection connection) throws SQLException;
}
