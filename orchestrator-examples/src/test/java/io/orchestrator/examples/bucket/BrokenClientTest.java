package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that stop in the middle, send too slowly, or send what is not HTTP, over raw connections. */
final class BrokenClientTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir
    Path data;

    @Test
    void put_connectionEndsEarly_leavesNothing() throws Exception {
        try (TestBucket bucket = TestBucket.start(data)) {
            cutAfter(bucket, "Content-Length: 1000", "", "only this");
            cutAfter(bucket, "Transfer-Encoding: chunked", "", "9", "only this", "");
            cutAfter(bucket, "Transfer-Encoding: chunked", "", "ff", "only this");

            assertNothingStored(bucket);
        }
    }

    @Test
    void put_malformedChunk_leavesNothing() throws Exception {
        try (TestBucket bucket = TestBucket.start(data)) {
            cutAfter(bucket, "Transfer-Encoding: chunked", "", "zz", "only this");
            cutAfter(bucket, "Transfer-Encoding: chunked", "", "-5", "only this");
            cutAfter(bucket, "Transfer-Encoding: chunked", "Content-Length: 4", "", "4", "four", "0", "", "");

            assertNothingStored(bucket);
        }
    }

    @Test
    void put_announcedTooLarge_is413BeforeTheBody() throws Exception {
        try (TestBucket bucket = TestBucket.start(data, Map.of("MAX_TOTAL_BYTES", "1000"), UnaryOperator.identity());
                Socket socket = bucket.connect()) {
            TestBucket.write(socket, head("Content-Length: 10737418240", ""), "");

            assertThat(firstLine(socket)).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void head_dripping_isCutAtItsTime() throws Exception {
        try (TestBucket bucket = start(new Pace(SHORT, LONG, LONG, 1, LONG, SHORT));
                Socket socket = bucket.connect()) {
            TestBucket.write(socket, "GET /health HTTP/1.1", "X: ");

            assertEndedWithoutAnswer(socket);
        }
    }

    @Test
    void head_tooLong_isCut() throws Exception {
        try (TestBucket bucket = TestBucket.start(data);
                Socket socket = bucket.connect()) {
            TestBucket.write(socket, "GET /health HTTP/1.1", "X: " + "y".repeat(20_000), "", "");

            assertEndedWithoutAnswer(socket);
        }
    }

    @Test
    void put_bodyIdle_isCutAndLeavesNothing() throws Exception {
        try (TestBucket bucket = start(new Pace(LONG, SHORT, LONG, 1, LONG, SHORT));
                Socket socket = bucket.connect()) {
            TestBucket.write(socket, head("Content-Length: 1000", ""), "only this");

            assertEndedWithoutAnswer(socket);
            assertNothingStored(bucket);
        }
    }

    @Test
    void put_bodyBelowTheRate_isCutThoughNeverIdle() throws Exception {
        // 100 bytes at once are far below 1 MB/s once the grace is over; the idle limit would wait for minutes.
        try (TestBucket bucket = start(new Pace(LONG, LONG, SHORT, 1_000_000, SHORT, SHORT));
                Socket socket = bucket.connect()) {
            TestBucket.write(socket, head("Content-Length: 1000", ""), "x".repeat(100));

            assertEndedWithoutAnswer(socket);
            assertNothingStored(bucket);
        }
    }

    @Test
    void get_readerThatNeverReads_isCut() throws Exception {
        int size = 64 << 20;
        try (ObjectStore store = ObjectStore.open(data, new Quota(size, size, 10_000));
                Upload upload = store.upload(new ObjectName("f"), size)) {
            upload.write(new byte[size], size);
            upload.commit();
        }
        // Closing waits for the transfer, for minutes if it must: that it returns at once shows the idle limit's cut.
        TestBucket bucket = start(new Pace(LONG, SHORT, LONG, 1, SHORT, LONG));
        try (Socket socket = bucket.connect()) {
            TestBucket.write(
                    socket,
                    "GET /data/objects/f HTTP/1.1",
                    "Host: x",
                    "Authorization: Bearer " + TestBucket.TOKEN,
                    "",
                    "");
            assertThat(socket.getInputStream().read()).isEqualTo('H');

            closeWithin(bucket, 20);

            assertThat(readAll(socket)).isLessThan(size);
        }
    }

    @Test
    void put_moreUploadsThanAllowed_is503WhileHealthAnswers() throws Exception {
        var sockets = new ArrayList<Socket>();
        try (TestBucket bucket = start(new Pace(LONG, LONG, LONG, 1, SHORT, SHORT))) {
            for (int i = 0; i < 32; i++) {
                Socket socket = bucket.connect();
                sockets.add(socket);
                TestBucket.write(socket, head("Content-Length: 1000", ""), "only this");
            }

            // The uploads begin when their threads do, so it may take a few tries until all 32 are counted.
            HttpResponse<String> refused = bucket.put("/data/objects/g", "x");
            for (int tries = 0; tries < 1000 && refused.statusCode() == 200; tries++) {
                refused = bucket.put("/data/objects/g", "x");
            }
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
            assertThat(bucket.get("/health").statusCode()).isEqualTo(200);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void close_uploadInFlight_endsItInTimeAndLeavesNothing() throws Exception {
        TestBucket bucket = start(new Pace(LONG, LONG, LONG, 1, LONG, SHORT));
        try (Socket socket = bucket.connect()) {
            // More than any socket buffer holds: when this is written the upload has begun.
            TestBucket.write(socket, head("Content-Length: 100000000", ""), "x".repeat(32 << 20));

            closeWithin(bucket, 5);

            assertThat(data.resolve("tmp")).isEmptyDirectory();
            assertThat(data.resolve("objects")).isEmptyDirectory();
        }
    }

    private TestBucket start(Pace pace) {
        return TestBucket.start(data, Map.of(), settings -> settings.withPace(pace));
    }

    private static void closeWithin(TestBucket bucket, int seconds) {
        CompletableFuture.runAsync(bucket::close)
                .orTimeout(seconds, TimeUnit.SECONDS)
                .join();
    }

    private static String head(String... more) {
        return String.join(
                        "\r\n", "PUT /data/objects/f HTTP/1.1", "Host: x", "Authorization: Bearer " + TestBucket.TOKEN)
                + "\r\n" + String.join("\r\n", more);
    }

    /** Sends this much, half-closes, and waits until the service has ended the connection. */
    private static void cutAfter(TestBucket bucket, String... more) throws IOException {
        try (Socket socket = bucket.connect()) {
            TestBucket.write(socket, head(more));
            socket.shutdownOutput();

            assertThat(new String(drain(socket), StandardCharsets.UTF_8)).doesNotContain("HTTP/1.1 200");
        }
    }

    private static String firstLine(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)).readLine();
    }

    private static void assertEndedWithoutAnswer(Socket socket) throws IOException {
        assertThat(new String(drain(socket), StandardCharsets.UTF_8)).doesNotContain("200 OK");
    }

    private static byte[] drain(Socket socket) throws IOException {
        try {
            return socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            return new byte[0]; // reset instead of closed: ended as well
        }
    }

    private static long readAll(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[8192];
        long count = 0;
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                count += n;
            }
        } catch (SocketException e) {
            return count; // reset instead of closed: cut as well
        }
        return count;
    }

    private void assertNothingStored(TestBucket bucket) throws Exception {
        assertThat(bucket.get("/data/files").body()).isEqualTo("{\"files\":[]}");
        bucket.close(); // a cut connection is seen before its temporary file is removed; closing waits for both
        try (Stream<Path> left = Files.list(data.resolve("tmp"))) {
            assertThat(left).isEmpty();
        }
    }
}
