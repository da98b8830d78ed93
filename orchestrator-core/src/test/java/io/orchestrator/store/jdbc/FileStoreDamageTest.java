package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.Commit.Change;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteDataSource;

/** What was written to the file by somebody else. */
class FileStoreDamageTest {
    private static final String SECRET = "hunter2-in-the-body";

    @TempDir
    Path directory;

    private Path file;
    private Store store;

    @BeforeEach
    void open() {
        file = directory.resolve("store.db");
        store = JdbcStore.file(file);
        for (String id : List.of("a", "b", "c", "d")) {
            PendingOperation.Failure failure = new PendingOperation.Failure(ErrorCode.NO_NODE, "none");
            commit(Change.put(ResourceRecord.builder(key(id))
                    .pending(new PendingOperation(new OperationId("op"), "t", "s", 1, Optional.of(failure)))
                    .label("zone", "a")
                    .uniqueKey("k-" + id)
                    .body(SECRET)
                    .build()));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "failure_code = 'HUNTER2_FROM_TOMORROW'",
                "labels = '{hunter2'",
                "labels = 'null'",
                "unique_keys = '{\"hunter2\":1}'",
                "pending_type = NULL"
            })
    void find_damagedRecord_namesItAndShowsNothingOfIt(String damage) throws Exception {
        sql("UPDATE orchestrator_record SET " + damage + " WHERE id = 'b'");

        assertThatThrownBy(() -> store.find(key("b"))).isInstanceOfSatisfying(OrchestratorException.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
            assertThat(error).hasStackTraceContaining("container/b");
            assertThat(error.toString() + error.getCause()).doesNotContainIgnoringCase("hunter2");
        });
        assertThatThrownBy(() -> store.findByUniqueKey("k-b")).hasMessageContaining("container/b");
    }

    @Test
    void page_damagedRecords_areLeftOutAndTheCursorPassesThem() throws Exception {
        sql("UPDATE orchestrator_record SET failure_code = 'FROM_TOMORROW' WHERE id IN ('b', 'c')");

        Page<ResourceRecord> first = store.page(RecordQuery.of("container").limit(1));
        Page<ResourceRecord> second =
                store.page(RecordQuery.of("container").limit(1).after(first.next()));
        Page<ResourceRecord> third =
                store.page(RecordQuery.of("container").limit(1).after(second.next()));
        Page<ResourceRecord> fourth =
                store.page(RecordQuery.of("container").limit(1).after(third.next()));

        assertThat(first.items()).extracting(ResourceRecord::key).containsExactly(key("a"));
        assertThat(second.items()).isEmpty();
        assertThat(second.next()).contains("b");
        assertThat(third.next()).contains("c");
        assertThat(fourth.items()).extracting(ResourceRecord::key).containsExactly(key("d"));
        assertThat(fourth.next()).isEmpty();
        assertThat(store.page(RecordQuery.of("container")).items()).hasSize(2);
    }

    @Test
    void journal_damagedEntry_isShownAsSuch() throws Exception {
        JournalDraft draft = new JournalDraft(Instant.EPOCH, key("a"), "", "good", "");
        store.commit(new Commit(List.of(), List.of(draft, draft, draft)));
        sql("UPDATE orchestrator_journal SET at = 'yesterday' WHERE position = 2");

        List<JournalEntry> entries = store.journal(0, 10);

        assertThat(entries).extracting(JournalEntry::position).containsExactly(1L, 2L, 3L);
        assertThat(entries)
                .extracting(entry -> entry.entry().event())
                .containsExactly("good", "journal.unreadable", "good");
    }

    @Test
    void commit_databaseRefuses_changesNothingAndWorksAfterwards() throws Exception {
        sql("CREATE TRIGGER refuse BEFORE INSERT ON orchestrator_label BEGIN SELECT RAISE(ABORT, 'no'); END");
        Commit commit = new Commit(
                List.of(Change.put(ResourceRecord.builder(key("new"))
                        .label("x", "y")
                        .body(SECRET)
                        .build())),
                List.of());

        assertThatThrownBy(() -> store.commit(commit))
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.STORE_UNAVAILABLE))
                .hasStackTraceContaining("did not answer or refused")
                .extracting(FileStoreDamageTest::stackTrace)
                .asString()
                .doesNotContain(SECRET);
        assertThat(store.find(key("new"))).isEmpty();

        sql("DROP TRIGGER refuse");
        assertThat(store.commit(commit)).isEqualTo(CommitResult.committed());
    }

    private static String stackTrace(Throwable error) {
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }

    @Test
    void commit_fileLockedByAForeignProgram_isUnavailableAfterABoundedWait() throws Exception {
        try (Connection foreign = connect();
                Statement statement = foreign.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertThatThrownBy(() ->
                            commit(Change.put(ResourceRecord.builder(key("new")).build())))
                    .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                            .isEqualTo(ErrorCode.STORE_UNAVAILABLE));
            assertThat(store.find(key("a"))).isPresent();
            statement.execute("ROLLBACK");
        }

        commit(Change.put(ResourceRecord.builder(key("new")).build()));
    }

    @Test
    void file_tablesThatNeedANewerRelease_areRefused() throws Exception {
        store.close();
        sql("UPDATE orchestrator_schema SET version = 9, compatible_from = 8");

        assertThatThrownBy(() -> JdbcStore.file(file))
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.CONFLICT))
                .hasMessageContaining("version 9")
                .hasMessageContaining("newer release");
    }

    @Test
    void file_newerTablesThatThisReleaseCanUse_areUsed() throws Exception {
        store.close();
        sql("UPDATE orchestrator_schema SET version = 9, compatible_from = 1");

        store = JdbcStore.file(file);

        assertThat(store.find(key("a"))).isPresent();
    }

    @Test
    void create_sqliteDataSource_namesTheOtherMethod() {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("other.db"));

        assertThatThrownBy(() -> JdbcStore.create(dataSource)).hasMessageContaining("JdbcStore.file(path)");
        assertThatThrownBy(() -> JdbcStore.migrate(dataSource)).hasMessageContaining("JdbcStore.file(path)");
    }

    @Test
    void file_reopened_goesOnWithPositionsAndVersions() {
        JournalDraft draft = new JournalDraft(Instant.EPOCH, key("a"), "", "e", "");
        store.commit(new Commit(List.of(), List.of(draft)));
        List<ResourceRecord> before = store.page(RecordQuery.of("container")).items();
        store.close();

        store = JdbcStore.file(file);

        assertThat(store.page(RecordQuery.of("container")).items()).isEqualTo(before);
        store.commit(new Commit(List.of(), List.of(draft)));
        assertThat(store.journal(0, 10)).extracting(JournalEntry::position).containsExactly(1L, 2L);
    }

    private void commit(Change change) {
        assertThat(store.commit(new Commit(List.of(change), List.of()))).isEqualTo(CommitResult.committed());
    }

    private static RecordKey key(String id) {
        return new RecordKey("container", id);
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = connect();
                Statement execute = connection.createStatement()) {
            execute.execute(statement);
        }
    }
}
