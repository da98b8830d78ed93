package io.orchestrator.examples.controlplane;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.store.jdbc.JdbcStore;
import io.orchestrator.store.memory.MemoryStore;
import java.util.Locale;

/** Where records are kept: {@code memory}, {@code file} or a PostgreSQL address, which may hold a password and is never shown. */
final class StoreChoice {
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final int CONNECTIONS = 10;
    private static final int CONNECT_MILLIS = 5_000;

    private final String text;

    private StoreChoice(String text) {
        this.text = text;
    }

    static StoreChoice of(String text) {
        if (!text.equals("memory") && !text.equals("file") && !text.startsWith(POSTGRESQL)) {
            throw new SetupException("--store is none of memory, file and " + POSTGRESQL + "//host/database");
        }
        return new StoreChoice(text);
    }

    OpenStore open(DataDirectory data) {
        return switch (text) {
            case "memory" -> new OpenStore(MemoryStore.create(), () -> {});
            case "file" -> new OpenStore(JdbcStore.file(data.store()), () -> {});
            default -> postgresql();
        };
    }

    private OpenStore postgresql() {
        HikariConfig config = new HikariConfig();
        config.setPoolName("control-plane");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECT_MILLIS);
        config.setJdbcUrl(text);
        HikariDataSource connections;
        try {
            connections = new HikariDataSource(config);
        } catch (RuntimeException unreachable) {
            throw new SetupException("the PostgreSQL database of --store cannot be reached: " + why(unreachable));
        }
        try {
            JdbcStore.migrate(connections);
            return new OpenStore(JdbcStore.create(connections), connections);
        } catch (RuntimeException failure) {
            connections.close();
            throw failure;
        }
    }

    /** The driver's own words may hold the address, and with it a password. */
    private static String why(RuntimeException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
