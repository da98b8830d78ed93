package io.orchestrator.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.spi.Store;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A real server for one test class. It acknowledges commits as a production server does, unlike this one's defaults. */
final class PostgresServer implements AutoCloseable {
    private final EmbeddedPostgres server;

    PostgresServer() throws IOException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    HikariDataSource pool(int size) {
        return pool(size, true);
    }

    HikariDataSource pool(int size, boolean autoCommit) {
        return pool(server.getPostgresDatabase(), size, autoCommit);
    }

    /** A pool with {@code reWriteBatchedInserts=true}, as many hosts set it. */
    HikariDataSource rewritingPool(int size) throws SQLException {
        PGSimpleDataSource database = server.getPostgresDatabase().unwrap(PGSimpleDataSource.class);
        database.setReWriteBatchedInserts(true);
        return pool(database, size, true);
    }

    private static HikariDataSource pool(DataSource database, int size, boolean autoCommit) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database);
        config.setMaximumPoolSize(size);
        config.setConnectionTimeout(2_000);
        config.setAutoCommit(autoCommit);
        return new HikariDataSource(config);
    }

    /** A database of its own, without tables, and with these settings for whoever connects. */
    DataSource emptyDatabase(String name, String... settings) throws SQLException {
        execute(server.getPostgresDatabase(), "CREATE DATABASE " + name);
        for (String setting : settings) {
            execute(server.getPostgresDatabase(), "ALTER DATABASE " + name + " SET " + setting);
        }
        return server.getDatabase("postgres", name);
    }

    /** A store on tables that are there, which this empties. */
    static Store emptyStore(DataSource database) throws SQLException {
        execute(
                database,
                "TRUNCATE orchestrator_record, orchestrator_label, orchestrator_unique_key, orchestrator_journal",
                "UPDATE orchestrator_journal_head SET position = 0");
        return JdbcStore.create(database);
    }

    /** Runs statements and gives the first column of what they show. */
    static List<String> execute(DataSource database, String... statements) throws SQLException {
        List<String> shown = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                if (statement.execute(sql)) {
                    try (ResultSet row = statement.getResultSet()) {
                        while (row.next()) {
                            shown.add(row.getString(1));
                        }
                    }
                }
            }
        }
        return shown;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
