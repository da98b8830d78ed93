package io.orchestrator.examples.services;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Writes a tar archive of small files (POSIX.1-1988 ustar, names up to 100 bytes) for an image's build. */
final class TarWriter {
    private static final int BLOCK = 512;

    private final ByteArrayOutputStream archive = new ByteArrayOutputStream();

    void file(String name, byte[] content) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format(Locale.ROOT, "%011o\0", content.length));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 255;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        archive.writeBytes(header);
        archive.writeBytes(content);
        archive.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    /** Everything below a directory, named relative to the root and put below the prefix. */
    void directory(String prefix, Path root, Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.walk(directory)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            file(prefix + "/" + root.relativize(file), Files.readAllBytes(file));
        }
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (offset == 0 && bytes.length > 100) {
            throw new IllegalArgumentException("'" + text + "' is too long a name");
        }
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    /** The archive so far, ended. */
    InputStream stream() {
        archive.writeBytes(new byte[2 * BLOCK]);
        return new ByteArrayInputStream(archive.toByteArray());
    }
}
