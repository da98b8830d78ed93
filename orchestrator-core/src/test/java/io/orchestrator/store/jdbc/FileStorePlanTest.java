package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.spi.RecordQuery;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How SQLite carries out what it is asked. */
class FileStorePlanTest {
    @TempDir
    Path directory;

    static List<RecordQuery> queries() {
        RecordQuery all = RecordQuery.of("container").after(Optional.of("m"));
        return List.of(
                RecordQuery.of("container"),
                all,
                all.ownedBy("alice"),
                all.on("edge-1"),
                all.pending(),
                all.ownedBy("alice").on("edge-1").observed("running").pending(),
                all.labelled(new TreeMap<>(Map.of("zone", "a"))),
                all.ownedBy("alice").labelled(new TreeMap<>(Map.of("zone", "a", "tier", "web"))));
    }

    @ParameterizedTest
    @MethodSource("queries")
    void page_anyFilter_walksAnIndexInOrder(RecordQuery query) throws Exception {
        List<String> plan = new ArrayList<>();

        onFile(connection -> {
            PageStatement page = PageStatement.of(query);
            try (PreparedStatement explain = connection.prepareStatement("EXPLAIN QUERY PLAN " + page.sql())) {
                for (int i = 0; i < page.values().size(); i++) {
                    explain.setString(i + 1, page.values().get(i));
                }
                explain.setInt(page.values().size() + 1, 10);
                try (ResultSet row = explain.executeQuery()) {
                    while (row.next()) {
                        plan.add(row.getString("detail"));
                    }
                }
            }
            return true;
        });

        assertThat(plan)
                .isNotEmpty()
                .allMatch(step -> step.startsWith("SEARCH r USING")
                        || step.startsWith(
                                "SEARCH l USING COVERING INDEX orchestrator_label_value (name=? AND value=? AND kind=?")
                        || step.startsWith("SEARCH f EXISTS USING PRIMARY KEY (kind=? AND id=? AND name=?"));
    }

    @Test
    void connect_everyConnection_writesAheadAndSyncsFully() throws Exception {
        assertThat(List.of("journal_mode", "synchronous", "busy_timeout"))
                .allSatisfy(pragma -> onFile(connection -> {
                    try (PreparedStatement statement = connection.prepareStatement("PRAGMA " + pragma);
                            ResultSet row = statement.executeQuery()) {
                        assertThat(row.getString(1)).isIn("wal", "2", "5000");
                    }
                    return true;
                }));
    }

    /** Does the work with a connection that writes and with one that reads. */
    private void onFile(Connections.Work<Boolean> work) throws Exception {
        Path file = directory.resolve("store.db");
        JdbcStore.file(file).close();
        try (FileConnections connections = FileConnections.of(file, FileLease.take(file))) {
            assertThat(connections.write(work)).isTrue();
            assertThat(connections.read(work)).isTrue();
        }
    }
}
