package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.Store;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of its commits, over and over on one file: what it was told is done must be there. */
class FileStoreKillTest {
    private static final int ROUNDS = 5;

    @TempDir
    Path directory;

    @Test
    void commit_processKilledAtAnyMoment_losesNothingAcknowledged() throws Exception {
        Path file = directory.resolve("store.db");
        Random moments = new Random();
        long seed = moments.nextLong();
        moments.setSeed(seed);

        for (int round = 0; round < ROUNDS; round++) {
            long acknowledged = runAndKill(file, 1 + moments.nextInt(200));

            try (Store store = JdbcStore.file(file)) {
                ResourceRecord record = store.find(CommitLoop.KEY).orElseThrow();
                assertThat(record.version()).as("seed %s", seed).isBetween(acknowledged, acknowledged + 1);
                assertThat(record.body()).isEqualTo("" + record.version());
                assertThat(journalOf(store))
                        .as("seed %s", seed)
                        .containsExactlyElementsOf(LongStream.rangeClosed(1, record.version())
                                .mapToObj(version -> "event-" + version)
                                .toList());
            }
        }
    }

    /** Gives the last version that the child said was committed, read to the very end of what it said. */
    private static long runAndKill(Path file, int afterLines) throws Exception {
        Process child = ChildJvm.start(CommitLoop.class, file.toString(), "1000000");
        ExecutorService reading = Executors.newSingleThreadExecutor();
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            return reading.submit(() -> {
                        long last = 0;
                        int seen = 0;
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            assertThat(line).startsWith(CommitLoop.ACKNOWLEDGED);
                            last = Long.parseLong(line.substring(CommitLoop.ACKNOWLEDGED.length()));
                            if (++seen == afterLines) {
                                // by its handle: the process object would close the stream that is read here
                                child.toHandle().destroyForcibly();
                            }
                        }
                        assertThat(seen).isGreaterThanOrEqualTo(afterLines);
                        return last;
                    })
                    .get(60, TimeUnit.SECONDS);
        } finally {
            child.destroyForcibly();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
            reading.shutdownNow();
        }
    }

    private static List<String> journalOf(Store store) {
        List<String> events = new ArrayList<>();
        long last = 0;
        while (true) {
            List<JournalEntry> more = store.journal(last, 1000);
            if (more.isEmpty()) {
                return events;
            }
            more.forEach(entry -> events.add(entry.entry().event()));
            last = more.get(more.size() - 1).position();
        }
    }
}
