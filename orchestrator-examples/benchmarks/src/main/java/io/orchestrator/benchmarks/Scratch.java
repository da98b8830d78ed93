package io.orchestrator.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What one run leaves nothing of, however it ends short of being killed. */
final class Scratch {
    private Scratch() {}

    /** A new directory that is deleted when this process ends. */
    static Path directory(String name) throws IOException {
        Path directory = Files.createTempDirectory("orchestrator-" + name + "-");
        atExit(() -> delete(directory));
        return directory;
    }

    static void atExit(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "at-exit"));
    }

    private static void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
