package io.orchestrator.testing;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.TreeMap;

/** The files of a container or volume: a flat map from path to content; directories exist as soon as they are named. */
final class FakeFiles {
    private static final int MOST_BYTES = 64 << 20;

    private final TreeMap<String, ByteArrayOutputStream> files = new TreeMap<>();

    synchronized Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path)).map(ByteArrayOutputStream::toByteArray);
    }

    synchronized void truncate(String path) {
        files.put(path, new ByteArrayOutputStream());
    }

    synchronized void append(String path, byte[] bytes, int offset, int length) {
        ByteArrayOutputStream file = files.computeIfAbsent(path, absent -> new ByteArrayOutputStream());
        if (file.size() + length > MOST_BYTES) {
            throw new IllegalStateException("fake file '" + path + "' would be over 64 MiB");
        }
        file.write(bytes, offset, length);
    }
}
