package io.orchestrator.examples.controlplane;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where the native parts of other libraries are unpacked: not in the machine's /tmp, where some of them stay for ever. */
public final class NativeLibraries {
    /** pty4j never deletes its directory; a killed process deletes nothing. */
    private static final List<String> PROPERTIES = List.of("org.sqlite.tmpdir", "pty4j.tmpdir");

    private NativeLibraries() {}

    /**
     * Has them unpacked below the data directory, and deletes what an earlier process left there. Changes system properties
     * that are not set, so it is for programs, not for those who embed; to be called before the first use.
     */
    public static void unpackBelow(Path data) {
        Path directory = data.toAbsolutePath().normalize().resolve("native");
        try {
            delete(directory);
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new SetupException("the data directory '" + data + "' cannot be used: " + failure, failure);
        }
        for (String property : PROPERTIES) {
            if (System.getProperty(property) == null) {
                System.setProperty(property, directory.toString());
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
