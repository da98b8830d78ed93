package io.orchestrator.store.jdbc;

import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.Store;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Commits to a file as often as it is told and prints {@code acknowledged <version>} after each one. */
final class CommitLoop {
    static final RecordKey KEY = new RecordKey("container", "counter");
    static final String ACKNOWLEDGED = "acknowledged ";

    private CommitLoop() {}

    /** Takes the file, and how many commits to make. */
    public static void main(String[] arguments) {
        int commits = Integer.parseInt(arguments[1]);
        try (Store store = JdbcStore.file(Path.of(arguments[0]))) {
            for (int i = 0; i < commits; i++) {
                ResourceRecord read =
                        store.find(KEY).orElse(ResourceRecord.builder(KEY).build());
                long next = read.version() + 1;
                Commit commit = new Commit(
                        List.of(Commit.Change.put(
                                read.toBuilder().body("" + next).build())),
                        List.of(new JournalDraft(Instant.EPOCH, KEY, "", "event-" + next, "")));
                if (!store.commit(commit).equals(CommitResult.committed())) {
                    throw new IllegalStateException("version " + next + " was refused");
                }
                System.out.println(ACKNOWLEDGED + next);
            }
        }
    }
}
