package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own: crash, stop, refusal to start, and a heap that does not follow the objects. */
final class BucketServiceTest {
    /** More than the buffers of a loopback connection hold: once written, the service has taken a part of it. */
    private static final int MORE_THAN_BUFFERED = 32 << 20;

    @TempDir
    Path data;

    @Test
    void kill_duringUpload_showsTheOldVersionAfterRestart() throws Exception {
        try (ChildBucket child = launch();
                TestBucket bucket = child.awaitReady();
                Socket socket = bucket.connect()) {
            bucket.put("/data/objects/f", "old version");
            beginUpload(socket);
            assertThat(data.resolve("tmp")).isNotEmptyDirectory();

            child.kill();
        }

        assertThat(data.resolve("tmp")).isNotEmptyDirectory();
        try (TestBucket restarted = TestBucket.start(data)) {
            assertThat(restarted.get("/data/files").body()).isEqualTo("{\"files\":[\"f\"]}");
            assertThat(restarted.get("/data/objects/f").body()).isEqualTo("old version");
            assertThat(data.resolve("tmp")).isEmptyDirectory();
        }
    }

    @Test
    void terminate_duringUpload_endsByItselfAndLeavesNothing() throws Exception {
        try (ChildBucket child = launch();
                TestBucket bucket = child.awaitReady();
                Socket socket = bucket.connect()) {
            beginUpload(socket);
            long started = System.nanoTime();

            child.terminate();

            assertThat(child.awaitExit()).isEqualTo(128 + 15);
            assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
        }
        assertThat(data.resolve("tmp")).isEmptyDirectory();
        assertThat(data.resolve("objects")).isEmptyDirectory();
    }

    @Test
    void transfer_300MegabytesIn64MegabytesOfHeap_isByteExact() throws Exception {
        long size = 300L << 20;
        try (ChildBucket child = launch();
                TestBucket bucket = child.awaitReady()) {
            HttpResponse<String> stored = bucket.send(bucket.authorized("/data/objects/large")
                    .PUT(BodyPublishers.ofInputStream(() -> new Pattern(size))));
            HttpResponse<InputStream> loaded =
                    bucket.send(bucket.authorized("/data/download/large"), BodyHandlers.ofInputStream());

            String expected = hash(new Pattern(size));
            assertThat(stored.headers().firstValue("etag")).hasValue('"' + expected + '"');
            assertThat(hash(loaded.body())).isEqualTo(expected);
        }
    }

    @Test
    void connect_moreThan200_isClosedAtOnce() throws Exception {
        var sockets = new ArrayList<Socket>();
        try (ChildBucket child = launch();
                TestBucket bucket = child.awaitReady()) {
            for (int i = 0; i <= 200; i++) {
                sockets.add(bucket.connect());
            }

            assertThat(sockets.get(200).getInputStream().read()).isEqualTo(-1);
            TestBucket.write(sockets.get(0), "GET /health HTTP/1.1", "Host: x", "", "");
            assertThat(sockets.get(0).getInputStream().read()).isEqualTo('H');
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void start_shortTokenOrDirectoryInUse_endsWithASentence() throws Exception {
        Map<String, String> environment = TestBucket.environment(data, Map.of());
        environment.put("BUCKET_TOKEN", "short");
        try (ChildBucket child = ChildBucket.launch(environment)) {
            assertThat(child.output().readLine()).isEqualTo("the bucket token has 5 characters, needs at least 32");
            assertThat(child.awaitExit()).isEqualTo(2);
        }

        try (TestBucket first = TestBucket.start(data);
                ChildBucket second = launch()) {
            assertThat(first.port()).isPositive();
            assertThat(second.output().readLine()).contains("another bucket service holds");
            assertThat(second.awaitExit()).isEqualTo(2);
        }
    }

    private ChildBucket launch() throws Exception {
        return ChildBucket.launch(TestBucket.environment(data, Map.of()));
    }

    private static void beginUpload(Socket socket) throws IOException {
        TestBucket.write(
                socket,
                "PUT /data/objects/f HTTP/1.1",
                "Host: x",
                "Authorization: Bearer " + TestBucket.TOKEN,
                "Content-Length: 1000000000",
                "",
                "x".repeat(MORE_THAN_BUFFERED));
    }

    private static String hash(InputStream in) throws Exception {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[64 * 1024];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** A stream of so many bytes; the period is a prime, so that no two aligned blocks are the same. */
    private static final class Pattern extends InputStream {
        private final byte[] period = new byte[1_000_003];
        private final long size;
        private long at;

        Pattern(long size) {
            this.size = size;
            new Random(42).nextBytes(period);
        }

        @Override
        public int read() {
            return at == size ? -1 : period[(int) (at++ % period.length)] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (at == size) {
                return -1;
            }
            int from = (int) (at % period.length);
            int count = (int) Math.min(Math.min(length, period.length - from), size - at);
            System.arraycopy(period, from, into, offset, count);
            at += count;
            return count;
        }
    }
}
