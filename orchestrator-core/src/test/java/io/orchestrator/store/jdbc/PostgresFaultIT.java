package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that the server itself is made to produce, by triggers that fire in the middle of a commit. */
class PostgresFaultIT {
    private static final String SECRET = "hunter2-in-the-body";

    @SuppressWarnings("NullAway.Init") // set before all cases
    private static PostgresServer server;

    @SuppressWarnings("NullAway.Init") // set before all cases
    private static HikariDataSource pool;

    @SuppressWarnings("NullAway.Init") // set before each case
    private Store store;

    @BeforeAll
    static void start() throws Exception {
        server = new PostgresServer();
        pool = server.pool(3);
        JdbcStore.migrate(pool);
        PostgresServer.execute(pool, "CREATE SEQUENCE tries");
    }

    @AfterAll
    static void stop() throws Exception {
        pool.close();
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        PostgresServer.execute(
                pool,
                "DROP TRIGGER IF EXISTS fault ON orchestrator_journal",
                "TRUNCATE orchestrator_record, orchestrator_label, orchestrator_unique_key, orchestrator_journal",
                "ALTER SEQUENCE tries RESTART",
                "SELECT setval('tries', 1, false)");
        store = JdbcStore.create(pool);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Runs the PL/pgSQL when a journal entry is written, or when the transaction that wrote it commits. */
    private static void plant(String body, boolean atCommit) throws SQLException {
        PostgresServer.execute(
                pool,
                "CREATE OR REPLACE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN " + body
                        + " RETURN NEW; END $$",
                atCommit
                        ? "CREATE CONSTRAINT TRIGGER fault AFTER INSERT ON orchestrator_journal"
                                + " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fault()"
                        : "CREATE TRIGGER fault BEFORE INSERT ON orchestrator_journal"
                                + " FOR EACH ROW EXECUTE FUNCTION fault()");
    }

    private static final String END_SESSION = "PERFORM pg_terminate_backend(pg_backend_pid());";

    @Test
    void commit_sessionEndedAtTheCommit_isUnknown() throws Exception {
        plant(END_SESSION, true);

        assertThatThrownBy(() -> store.commit(insert("a")))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageContaining("read again");
        assertThat(store.find(key("a"))).isEmpty();
    }

    @Test
    void commit_sessionEndedBeforeTheCommit_isUnavailableAndTheNextOneWorks() throws Exception {
        plant(END_SESSION, false);

        assertUnavailable(insert("a"));
        PostgresServer.execute(pool, "DROP TRIGGER fault ON orchestrator_journal");

        assertThat(store.find(key("a"))).isEmpty();
        assertThat(store.commit(insert("a"))).isEqualTo(CommitResult.committed());
    }

    /** The server commits, but its answer is lost on the way: nobody may claim that nothing was changed. */
    @Test
    void commit_answerLostAfterTheCommit_isUnknownAndWasDone() throws Exception {
        DataSource lossy = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (self, method, arguments) -> losingTheAnswerOfCommits(pool.getConnection()));

        try (Store overLossy = JdbcStore.create(lossy)) {
            assertThatThrownBy(() -> overLossy.commit(insert("a"))).isInstanceOf(OutcomeUnknownException.class);
        }

        assertThat(store.find(key("a"))).isPresent();
    }

    private static Connection losingTheAnswerOfCommits(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                PostgresFaultIT.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) -> {
                    try {
                        Object result = method.invoke(connection, arguments);
                        if (method.getName().equals("commit")) {
                            throw new SQLException("connection reset", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    @Test
    void commit_serializationFailureOrDeadlock_isTriedAgain() throws Exception {
        plant(
                "IF nextval('tries') <= 2 THEN RAISE EXCEPTION USING ERRCODE = '40001'; END IF;"
                        + " IF nextval('tries') <= 5 THEN RAISE EXCEPTION USING ERRCODE = '40P01'; END IF;",
                false);

        assertThat(store.commit(insert("a"))).isEqualTo(CommitResult.committed());

        assertThat(store.journal(0, 10)).hasSize(1);
        assertThat(PostgresServer.execute(pool, "SELECT last_value FROM tries")).containsExactly("6");
    }

    @Test
    void commit_serializationFailureAtTheCommit_isTriedAgain() throws Exception {
        plant("IF nextval('tries') <= 3 THEN RAISE EXCEPTION USING ERRCODE = '40001'; END IF;", true);

        assertThat(store.commit(insert("a"))).isEqualTo(CommitResult.committed());

        assertThat(store.journal(0, 10)).hasSize(1);
    }

    @Test
    void commit_serializationFailureForEver_isGivenUpAfterFiveTries() throws Exception {
        plant("PERFORM nextval('tries'); RAISE EXCEPTION USING ERRCODE = '40001';", false);

        assertUnavailable(insert("a"));

        assertThat(PostgresServer.execute(pool, "SELECT last_value FROM tries")).containsExactly("5");
    }

    @Test
    void commit_serverQuotesTheRow_messageShowsNothingOfIt() throws Exception {
        PostgresServer.execute(pool, "ALTER TABLE orchestrator_record ADD CHECK (body NOT LIKE 'hunter2%')");
        try {
            assertThatThrownBy(() -> store.commit(insert("a")))
                    .isInstanceOf(OrchestratorException.class)
                    .hasMessageContaining("23514")
                    .satisfies(error -> {
                        StringWriter trace = new StringWriter();
                        error.printStackTrace(new PrintWriter(trace));
                        assertThat(trace.toString()).doesNotContain(SECRET);
                    });
        } finally {
            PostgresServer.execute(
                    pool, "ALTER TABLE orchestrator_record DROP CONSTRAINT orchestrator_record_body_check");
        }
    }

    /** Another session holds the journal's head: the statement that waits for it is cut off at its timeout. */
    @Test
    void commit_lockHeldByAnotherSession_isUnavailableAfterABoundedWait() throws Exception {
        try (Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("SELECT * FROM orchestrator_journal_head FOR UPDATE");

            assertUnavailable(insert("a"));
            assertThat(store.find(key("a"))).isEmpty();
            other.rollback();
        }
        assertThat(store.commit(insert("a"))).isEqualTo(CommitResult.committed());
    }

    @Test
    void find_poolExhausted_isUnavailableAfterABoundedWait() throws Exception {
        try (Connection one = pool.getConnection();
                Connection two = pool.getConnection();
                Connection three = pool.getConnection()) {
            assertThat(List.of(one, two, three)).doesNotHaveDuplicates();

            assertThatThrownBy(() -> store.find(key("a")))
                    .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.STORE_UNAVAILABLE));
        }
        assertThat(store.find(key("a"))).isEmpty();
    }

    @Test
    void commit_poolWithoutAutoCommit_worksAndGetsItsConnectionsBackAsTheyWere() throws Exception {
        try (HikariDataSource manual = server.pool(1, false)) {
            try (Store overManual = JdbcStore.create(manual)) {
                assertThat(overManual.commit(insert("a"))).isEqualTo(CommitResult.committed());
                assertThat(overManual.find(key("a"))).isPresent();
            }
            try (Connection connection = manual.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(connection.getNetworkTimeout()).isZero();
            }
        }
    }

    @Test
    void page_labelsAndCursor_walkAnIndexInOrder() throws Exception {
        RecordQuery query = RecordQuery.of("container").after(Optional.of("m")).ownedBy("alice");
        for (RecordQuery each : List.of(query, query.labelled(new TreeMap<>(Map.of("zone", "a"))))) {
            String sql = PageStatement.of(each).sql();
            for (String value : PageStatement.of(each).values()) {
                sql = sql.replaceFirst("\\?", "'" + value + "'");
            }

            List<String> plan = PostgresServer.execute(
                    pool, "SET enable_seqscan = off", "EXPLAIN " + sql.replace("?", "10"), "RESET enable_seqscan");

            assertThat(plan).noneMatch(step -> step.contains("Sort") || step.contains("Seq Scan"));
            assertThat(plan).anyMatch(step -> step.contains("Index"));
        }
    }

    private void assertUnavailable(Commit commit) {
        assertThatThrownBy(() -> store.commit(commit))
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    }

    private static RecordKey key(String id) {
        return new RecordKey("container", id);
    }

    private static Commit insert(String id) {
        return new Commit(
                List.of(Commit.Change.put(
                        ResourceRecord.builder(key(id)).body(SECRET).build())),
                List.of(new JournalDraft(Instant.EPOCH, key(id), "", "e", "")));
    }
}
