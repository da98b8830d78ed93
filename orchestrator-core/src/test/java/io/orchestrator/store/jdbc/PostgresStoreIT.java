package io.orchestrator.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.kit.StoreContract;
import io.orchestrator.spi.Store;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresStoreIT extends StoreContract {
    private static EmbeddedPostgres server;
    private static HikariDataSource pool;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setServerConfig("synchronous_commit", "on")
                .start();
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.getPostgresDatabase());
        config.setMaximumPoolSize(8);
        pool = new HikariDataSource(config);
        JdbcStore.migrate(pool);
    }

    @AfterAll
    static void stop() throws Exception {
        pool.close();
        server.close();
    }

    @Override
    protected Store create() throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("TRUNCATE orchestrator_record, orchestrator_label, orchestrator_unique_key,"
                    + " orchestrator_journal");
            statement.execute("UPDATE orchestrator_journal_head SET position = 0");
        }
        return JdbcStore.create(pool);
    }
}
