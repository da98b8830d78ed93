package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * The versions of the tables. Each is a script in the resources, {@code <dialect>-<version>.sql}; once released, a script
 * is never changed.
 */
final class Schema {
    static final int VERSION = 1;

    /** The oldest library schema version that still works on these tables: for upgrades with both versions running. */
    private static final int COMPATIBLE_FROM = 1;

    private static final String VERSIONS_TABLE = "CREATE TABLE orchestrator_schema (single INTEGER PRIMARY KEY"
            + " CHECK (single = 1), version INTEGER NOT NULL, compatible_from INTEGER NOT NULL)";

    /**
     * What the database says of itself.
     *
     * @param version 0 if there are no tables
     * @param compatibleFrom the oldest library schema version that works on it
     */
    private record Found(int version, int compatibleFrom) {}

    private final Dialect dialect;

    Schema(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Throws if this library cannot work on the tables, and says what to do. */
    void check(Connection connection) throws SQLException {
        Found found = find(connection);
        if (found.version() == 0) {
            throw refused("the database has no tables of the orchestrator: call JdbcStore.migrate(dataSource) once"
                    + " before JdbcStore.create");
        }
        if (found.version() < VERSION) {
            throw refused("the tables have version " + found.version() + ", this library needs " + VERSION
                    + ": call JdbcStore.migrate(dataSource) once before JdbcStore.create");
        }
        refuseNewer(found);
    }

    /** Brings the tables to this library's version; waits for another host that is doing so. */
    void migrate(Connection connection) throws SQLException {
        Transactions.run(connection, done -> true, inside -> {
            dialect.lockForMigration(inside);
            Found found = find(inside);
            refuseNewer(found);
            if (found.version() == 0) {
                execute(inside, VERSIONS_TABLE);
                execute(inside, "INSERT INTO orchestrator_schema VALUES (1, 0, 0)");
            }
            for (int version = found.version() + 1; version <= VERSION; version++) {
                for (String statement : script(version)) {
                    execute(inside, statement);
                }
            }
            if (found.version() < VERSION) {
                execute(
                        inside,
                        "UPDATE orchestrator_schema SET version = " + VERSION + ", compatible_from = "
                                + COMPATIBLE_FROM);
            }
            return true;
        });
    }

    private static void refuseNewer(Found found) {
        if (found.version() > VERSION && found.compatibleFrom() > VERSION) {
            throw refused("the tables have version " + found.version() + " and need a library that knows version "
                    + found.compatibleFrom() + ", this one knows " + VERSION + ": use a newer release");
        }
    }

    private static OrchestratorException refused(String message) {
        return new OrchestratorException(ErrorCode.CONFLICT, message);
    }

    private Found find(Connection connection) throws SQLException {
        try (PreparedStatement exists = dialect.prepare(connection, dialect.schemaTableExists());
                ResultSet row = exists.executeQuery()) {
            if (!row.next()) {
                return new Found(0, 0);
            }
        }
        try (PreparedStatement select =
                        dialect.prepare(connection, "SELECT version, compatible_from FROM orchestrator_schema");
                ResultSet row = select.executeQuery()) {
            return row.next() ? new Found(row.getInt(1), row.getInt(2)) : new Found(0, 0);
        }
    }

    private void execute(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = dialect.prepare(connection, sql)) {
            statement.execute();
        }
    }

    /** The statements of a script; each ends with a semicolon at the end of a line. */
    private List<String> script(int version) {
        String name = dialect.resourcePrefix() + "-" + version + ".sql";
        try (InputStream resource = Schema.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new OrchestratorException(ErrorCode.INTERNAL, "the jar lacks '" + name + "'");
            }
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(text.split(";\\s*\\n"))
                    .filter(statement -> !statement.isBlank())
                    .toList();
        } catch (IOException unreadable) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "cannot read '" + name + "'", unreadable);
        }
    }
}
