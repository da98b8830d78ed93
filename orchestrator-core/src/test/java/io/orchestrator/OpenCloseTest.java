package io.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.spi.Store;
import io.orchestrator.store.jdbc.JdbcStore;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closed means closed: whatever was under way, nothing of a control plane is left in the process. */
final class OpenCloseTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    private Path directory;

    @Test
    void thousandCycles_withLaunchesUnderWay_leaveNoThreadAndNoFile() throws IOException {
        cycle(MemoryStore.create());
        cycle(file());
        List<Thread> threads = threads();
        long files = openFiles();

        for (int i = 0; i < 950; i++) {
            cycle(MemoryStore.create());
        }
        for (int i = 0; i < 50; i++) {
            cycle(file());
        }

        assertThat(threads()).isSubsetOf(threads);
        assertThat(openFiles()).isLessThanOrEqualTo(files);
    }

    private Store file() {
        return JdbcStore.file(directory.resolve("store.db"));
    }

    private static void cycle(Store store) {
        try (FakeCluster cluster = FakeCluster.of(2);
                Orchestrator orchestrator = Orchestrator.builder("cycle")
                        .store(store)
                        .transport(cluster.transport())
                        .build()) {
            cluster.specs().forEach(orchestrator.nodes()::register);
            var unused = orchestrator
                    .containers()
                    .submit(ContainerSpec.builder("busybox:1").memoryMib(6).build());
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("orchestrator-"))
                .toList();
    }

    private static long openFiles() throws IOException {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }
}
