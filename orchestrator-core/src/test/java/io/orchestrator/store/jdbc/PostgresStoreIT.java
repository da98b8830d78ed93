package io.orchestrator.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.kit.StoreContract;
import io.orchestrator.spi.Store;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresStoreIT extends StoreContract {
    @SuppressWarnings("NullAway.Init") // set before all cases
    private static PostgresServer server;

    @SuppressWarnings("NullAway.Init") // set before all cases
    private static HikariDataSource pool;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
        pool = server.pool(8);
        JdbcStore.migrate(pool);
    }

    @AfterAll
    static void stop() throws Exception {
        pool.close();
        server.close();
    }

    @Override
    protected Store create() throws Exception {
        return PostgresServer.emptyStore(pool);
    }
}
