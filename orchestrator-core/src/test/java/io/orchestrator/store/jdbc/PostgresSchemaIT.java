package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class PostgresSchemaIT {
    private static final String TABLES =
            "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'orchestrator%'";

    @SuppressWarnings("NullAway.Init") // set before all cases
    private static PostgresServer server;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void create_noTables_saysWhatToCallAndMakesNone() throws Exception {
        DataSource database = server.emptyDatabase("bare");

        assertRefused(database, "call JdbcStore.migrate(dataSource)");
        assertThat(PostgresServer.execute(database, TABLES)).isEmpty();
    }

    @Test
    void migrate_twice_keepsWhatIsStored() throws Exception {
        DataSource database = server.emptyDatabase("twice");
        JdbcStore.migrate(database);
        PostgresServer.execute(database, "UPDATE orchestrator_journal_head SET position = 7");

        JdbcStore.migrate(database);

        assertThat(PostgresServer.execute(database, "SELECT position FROM orchestrator_journal_head"))
                .containsExactly("7");
        JdbcStore.create(database).close();
    }

    @Test
    void create_olderTables_saysWhatToCall() throws Exception {
        DataSource database = server.emptyDatabase("older");
        JdbcStore.migrate(database);
        PostgresServer.execute(database, "DELETE FROM orchestrator_schema");

        assertRefused(database, "call JdbcStore.migrate(dataSource)");
    }

    @Test
    void create_newerTables_areRefusedUnlessTheySayThatTheyWorkWithThisVersion() throws Exception {
        DataSource database = server.emptyDatabase("newer");
        JdbcStore.migrate(database);

        PostgresServer.execute(database, "UPDATE orchestrator_schema SET version = 9, compatible_from = 8");
        assertRefused(database, "use a newer release");
        assertThatThrownBy(() -> JdbcStore.migrate(database)).hasMessageContaining("use a newer release");

        PostgresServer.execute(database, "UPDATE orchestrator_schema SET compatible_from = 1");
        JdbcStore.create(database).close();
        JdbcStore.migrate(database);
        assertThat(PostgresServer.execute(database, "SELECT version FROM orchestrator_schema"))
                .containsExactly("9");
    }

    @Test
    void migrate_manyHostsAtOnce_allSucceed() throws Exception {
        DataSource database = server.emptyDatabase("many");
        ExecutorService hosts = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> migrations = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                migrations.add(hosts.submit(() -> JdbcStore.migrate(database)));
            }
            for (Future<?> migration : migrations) {
                migration.get(60, TimeUnit.SECONDS);
            }
        } finally {
            hosts.shutdownNow();
        }

        assertThat(PostgresServer.execute(database, "SELECT version FROM orchestrator_schema"))
                .containsExactly("1");
        assertThat(PostgresServer.execute(database, "SELECT position FROM orchestrator_journal_head"))
                .containsExactly("0");
    }

    /** Another host is in the middle of its migration: it holds the lock and will roll back. */
    @Test
    void migrate_whileAnotherHostDoes_waitsForItAndThenDoesItsWork() throws Exception {
        DataSource database = server.emptyDatabase("waiting");
        ExecutorService second = Executors.newSingleThreadExecutor();
        try (Connection first = database.getConnection()) {
            first.setAutoCommit(false);
            Dialect.POSTGRESQL.lockForMigration(first);
            first.createStatement().execute("CREATE TABLE orchestrator_record (half INTEGER)");

            Future<?> migration = second.submit(() -> JdbcStore.migrate(database));
            awaitAWaiter(database);
            assertThat(migration.isDone()).isFalse();
            first.rollback();

            migration.get(30, TimeUnit.SECONDS);
            JdbcStore.create(database).close();
        } finally {
            second.shutdownNow();
        }
    }

    /** Returns once a session waits for an advisory lock; each look is a round trip to the server. */
    private static void awaitAWaiter(DataSource database) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (PostgresServer.execute(database, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory'")
                .isEmpty()) {
            assertThat(System.nanoTime()).as("nobody waits for the lock").isLessThan(deadline);
        }
    }

    @Test
    void create_commitsThatDoNotWaitForTheDisk_areRefused() throws Exception {
        DataSource database = server.emptyDatabase("careless", "synchronous_commit = off");
        JdbcStore.migrate(database);

        assertRefused(database, "synchronous_commit is 'off'");
    }

    @Test
    void create_serverUnreachable_isUnavailable() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setServerNames(new String[] {"127.0.0.1"});
        nowhere.setPortNumbers(new int[] {1});

        assertThatThrownBy(() -> JdbcStore.create(nowhere))
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.STORE_UNAVAILABLE))
                .hasMessageContaining("refused");
    }

    private static void assertRefused(DataSource database, String why) {
        assertThatThrownBy(() -> JdbcStore.create(database))
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining(why);
    }
}
