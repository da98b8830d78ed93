package io.orchestrator.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A migrated database of a server of its own for one test class. */
final class PostgresPool implements BeforeAllCallback, AfterAllCallback {
    private final Maker make;
    private @Nullable PostgresServer server;
    private @Nullable HikariDataSource pool;

    PostgresPool(Maker make) {
        this.make = make;
    }

    HikariDataSource dataSource() {
        return Objects.requireNonNull(pool, "only while the tests run");
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        server = new PostgresServer();
        pool = make.pool(server);
        JdbcStore.migrate(pool);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (pool != null) {
            pool.close();
        }
        if (server != null) {
            server.close();
        }
    }

    /** Which of the server's pools. */
    interface Maker {
        HikariDataSource pool(PostgresServer server) throws SQLException;
    }
}
