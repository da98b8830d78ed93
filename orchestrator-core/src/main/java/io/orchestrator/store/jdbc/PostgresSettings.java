package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the server must be and do so that a commit that returned is on disk. */
final class PostgresSettings {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSettings.class);

    private PostgresSettings() {}

    static void check(Connection connection) throws SQLException {
        checkProduct(connection);
        if (show(connection, "synchronous_commit").equals("off")) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    "synchronous_commit is 'off', so a crash of the server would lose acknowledged commits:"
                            + " set it to 'on' for this server, role or connection");
        }
        if (show(connection, "fsync").equals("off")) {
            LOG.warn("the server runs with fsync 'off': a crash of its machine can lose or damage everything in it");
        }
    }

    static void checkProduct(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        if (!product.equals("PostgreSQL")) {
            throw OrchestratorException.invalid(
                    "the database is '" + product + "', not PostgreSQL; for SQLite call JdbcStore.file(path)");
        }
    }

    private static String show(Connection connection, String setting) throws SQLException {
        try (PreparedStatement statement = Dialect.POSTGRESQL.prepare(connection, "SHOW " + setting);
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
