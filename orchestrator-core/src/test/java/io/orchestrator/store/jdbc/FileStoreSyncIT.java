package io.orchestrator.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counts the system calls that put a commit on disk. Needs {@code strace}, and says so where it is missing. */
class FileStoreSyncIT {
    private static final int COMMITS = 200;

    @TempDir
    Path directory;

    @Test
    void commit_acknowledged_wasSyncedToDiskBefore() throws Exception {
        assumeTrue(straceIsInstalled(), "SKIPPED: 'strace' is not installed, so nobody counts the syncs to disk");
        Path trace = directory.resolve("trace");
        Path output = directory.resolve("output");

        Process child = ChildJvm.startUnder(
                List.of(
                        "strace",
                        "-f",
                        "-y",
                        "-e",
                        "trace=fsync,fdatasync,write",
                        "-e",
                        "signal=none",
                        "-o",
                        "" + trace),
                CommitLoop.class,
                directory.resolve("store.db").toString(),
                "" + COMMITS);
        try {
            Files.write(output, child.getInputStream().readAllBytes());
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            child.destroyForcibly();
        }

        assertThat(Files.readString(output)).contains(CommitLoop.ACKNOWLEDGED + COMMITS);
        assertThat(syncsBeforeEachAcknowledgement(trace)).hasSize(COMMITS).allMatch(syncs -> syncs >= 1);
    }

    /** How often the write-ahead log was synced between two acknowledgements, the one before the first included. */
    private static List<Integer> syncsBeforeEachAcknowledgement(Path trace) throws Exception {
        List<Integer> counts = new ArrayList<>();
        int syncs = 0;
        try (Stream<String> lines = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines::iterator) {
                if (line.contains("sync(") && line.contains("store.db-wal")) {
                    syncs++;
                } else if (line.contains("write(1<") && line.contains(CommitLoop.ACKNOWLEDGED)) {
                    counts.add(syncs);
                    syncs = 0;
                }
            }
        }
        return counts;
    }

    private static boolean straceIsInstalled() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "strace")));
    }
}
