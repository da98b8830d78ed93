package io.orchestrator.examples.bucket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Makes what a Docker engine needs to build the bucket service's image: a tar of a Dockerfile and this package's classes. */
public final class BucketImage {
    private static final String PACKAGE = "io/orchestrator/examples/bucket";
    private static final int BLOCK = 512;

    private BucketImage() {}

    /**
     * The build context, small enough for memory.
     *
     * @param baseImage an image on the engine with a Java 17 runtime or later and a shell
     */
    public static InputStream context(String baseImage) throws IOException {
        String dockerfile = "FROM " + baseImage + "\nCOPY io /opt/bucket/io\n"
                + "ENTRYPOINT [\"java\",\"-Xmx64m\",\"-XX:+UseSerialGC\",\"-XX:TieredStopAtLevel=1\",\"-cp\",\"/opt/bucket\",\""
                + BucketService.class.getName() + "\"]\n";
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        add(tar, "Dockerfile", dockerfile.getBytes(StandardCharsets.UTF_8));
        Path program = program();
        if (Files.isDirectory(program)) {
            addClasses(tar, program.resolve(PACKAGE));
        } else {
            try (FileSystem jar = FileSystems.newFileSystem(program)) {
                addClasses(tar, jar.getPath(PACKAGE));
            }
        }
        tar.write(new byte[2 * BLOCK]);
        return new ByteArrayInputStream(tar.toByteArray());
    }

    private static void addClasses(ByteArrayOutputStream tar, Path directory) throws IOException {
        List<Path> classes;
        try (Stream<Path> files = Files.list(directory)) {
            classes = files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        }
        for (Path file : classes) {
            add(tar, PACKAGE + "/" + file.getFileName(), Files.readAllBytes(file));
        }
    }

    /** One file in the ustar format (POSIX.1-1988): a header block, then the content filled up to whole blocks. */
    private static void add(ByteArrayOutputStream tar, String name, byte[] content) throws IOException {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format("%011o\0", content.length));
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        header[156] = '0';
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        put(header, 148, String.format("%06o\0 ", sum));
        tar.write(header);
        tar.write(content);
        tar.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    /** The jar or class directory that this class was loaded from. */
    private static Path program() throws IOException {
        URL location = BucketImage.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return Path.of(location.toURI());
        } catch (URISyntaxException impossible) {
            throw new IOException("this program's own jar has no path: " + location, impossible);
        }
    }
}
