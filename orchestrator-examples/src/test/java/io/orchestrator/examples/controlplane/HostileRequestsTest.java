package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent: one clear answer in JSON, and no container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {
    private TestServer server;
    private Caller alice;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.start(directory);
        alice = server.alice();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void nothingWasStored() throws Exception {
        assertThat(server.admin().get("/containers").text()).isEqualTo("[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "\"text\"",
                "{} {}",
                "{\"user_id\":\"alice\"}",
                "{\"user_id\":\"alice\",\"config\":null}",
                "{\"user_id\":\"alice\",\"config\":[]}",
                "{\"user_id\":\"alice\",\"user_id\":\"bob\",\"config\":{}}",
                "{\"user_id\":7,\"config\":{\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\"}}",
                "{\"user_id\":\"a\\nb\",\"config\":{\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\"}}",
                "{\"user_id\":\"alice\",\"owner\":\"bob\",\"config\":{\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\"}}"
            })
    void launch_malformedBody_answers422(String body) throws Exception {
        assertRefused(alice.post("/launch", body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"image\":\"alpine\",\"cpu\":1",
                "\"image\":\"alpine\",\"memory\":\"64m\"",
                "\"cpu\":1,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":-1,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":0,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":1e309,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":NaN,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":\"lots\",\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":true,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":64",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"-1\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"0\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"9999999t\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"512m; rm\"",
                "\"image\":\"--help\",\"cpu\":1,\"memory\":\"64m\"",
                "\"image\":\"a b\",\"cpu\":1,\"memory\":\"64m\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"name\":\"-x\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"name\":\"a\\u0000b\"",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"name\":[\"a\"]",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"env\":{\"A B\":\"c\"}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"env\":{\"A\":1}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"env\":[]",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"80/tcp\":65536}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"80/tcp\":80}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"80/tcp\":1.5}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"80/tcp\":null}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"80/sctp\":0}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"0.0.0.0:80\":0}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"ports\":{\"99999\":0}",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"privileged\":true",
                "\"image\":\"alpine\",\"cpu\":1,\"memory\":\"64m\",\"hostConfig\":{\"Privileged\":true}"
            })
    void launch_valueOutsideItsLimits_answers422(String config) throws Exception {
        assertRefused(alice.post("/launch", "{\"user_id\":\"alice\",\"config\":{" + config + "}}"));
    }

    @Test
    void launch_severalWrongFields_namesEachOfThem() throws Exception {
        Answer answer = alice.post(
                "/launch", "{\"user_id\":\"alice\",\"config\":{\"image\":7,\"cpu\":\"x\",\"memory\":\"much\"}}");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("errors"))
                .extracting(error -> error.path("loc").toString())
                .containsExactlyInAnyOrder(
                        "[\"body\",\"config\",\"image\"]",
                        "[\"body\",\"config\",\"cpu\"]",
                        "[\"body\",\"config\",\"memory\"]");
        assertThat(answer.detail()).startsWith("body.config.").endsWith("(and 2 more)");
    }

    @Test
    void launch_hundredThousandLevelsDeep_answers422() throws Exception {
        assertRefused(alice.post("/launch", "[".repeat(100_000) + "]".repeat(100_000)));
        assertRefused(alice.post("/launch", "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)));
    }

    @Test
    void launch_numberOfAHundredThousandDigits_answers422() throws Exception {
        assertRefused(alice.post(
                "/launch",
                "{\"user_id\":\"alice\",\"config\":{\"image\":\"alpine\",\"cpu\":" + "9".repeat(100_000)
                        + ",\"memory\":\"64m\"}}"));
    }

    @Test
    void launch_nameOfTenMegabytes_answers413() throws Exception {
        String body = Caller.launch("alice", "n".repeat(10 << 20));
        String head = launchHead(body.length());

        assertThat(raw(head + "Expect: 100-continue\r\n\r\n"))
                .as("a client that asks first")
                .startsWith("HTTP/1.1 413 ")
                .contains("1048576");
        assertThat(raw(head + "\r\n" + body))
                .as("a client that meets the end of the connection while it sends")
                .startsWith("HTTP/1.1 413 ")
                .contains("1048576");
    }

    @Test
    void launch_nameUnderTheBodyLimit_answers422() throws Exception {
        assertRefused(alice.post("/launch", Caller.launch("alice", "n".repeat(1_000_000))));
    }

    @Test
    void launch_idempotencyKeyOutsideItsLimits_answers422() throws Exception {
        assertRefused(alice.post("/launch", Caller.launch("alice", "keyed"), "k".repeat(256)));
        assertRefused(alice.post("/launch", Caller.launch("alice", "keyed"), "with space"));
    }

    @Test
    void list_badPaging_answers422() throws Exception {
        for (String query : List.of(
                "limit=0",
                "limit=1001",
                "limit=x",
                "limit=-1",
                "all=perhaps",
                "cursor=",
                "cursor=%00",
                "cursor=a%0Ab")) {
            assertRefused(alice.get("/containers?" + query));
        }
        assertThat(alice.get("/containers?cursor=../../x%27;--").text()).isEqualTo("[]");
    }

    @Test
    void list_ofImpossibleUser_isEmptyOrRefused() throws Exception {
        for (String user : List.of("x".repeat(5_000), "%20", "%E2%80%AEx", "a%0Ab")) {
            Answer answer = server.admin().get("/user/" + user + "/containers");

            assertThat(answer.status()).as(user).isIn(200, 404, 422);
        }
    }

    @Test
    void request_unknownPathOrMethod_answersAsTheOriginalDid() throws Exception {
        Answer path = alice.get("/no/such/path");
        assertThat(path.status()).isEqualTo(404);
        assertThat(path.text()).isEqualTo("{\"detail\":\"Not Found\"}");

        for (String method : List.of("PUT", "TRACE", "PROPFIND")) {
            Answer answer = alice.send(alice.request("/containers").method(method, BodyPublishers.noBody()));
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.text()).isEqualTo("{\"detail\":\"Method Not Allowed\"}");
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /containers/%2e%2e%2fx/status HTTP/1.1",
                "GET /containers/x%2f..%2f..%2fcontainers/start HTTP/1.1",
                "GET /containers/%zz/status HTTP/1.1",
                "GET /containers/a%00b/status HTTP/1.1",
                "GET /containers/a%0d%0ab/status HTTP/1.1",
                "GET nonsense HTTP/1.1",
                "NONSENSE"
            })
    void request_malformedLine_isRefusedInJson(String line) throws Exception {
        String answer = raw(line + "\r\nHost: localhost\r\nAuthorization: Bearer " + TestServer.ALICE
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).matches("(?s)HTTP/1.1 4\\d\\d .*");
        assertThat(answer).contains("{\"detail\":\"").contains("\r\nX-Request-Id: ");
    }

    @Test
    void request_headerOfAMegabyte_answers431() throws Exception {
        String answer = raw("GET /containers HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(1 << 20) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 431 ").contains("{\"detail\":\"");
    }

    /** A client that sends a byte, listens for a while, and sends the next. */
    @Test
    void launch_bodyThatTrickles_isRefused() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().port())) {
            socket.setSoTimeout(1_200);
            OutputStream out = socket.getOutputStream();
            out.write((launchHead(100_000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            String answer = "";
            for (int i = 0; i < 8 && answer.isEmpty(); i++) {
                out.write(' ');
                try {
                    answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
                } catch (SocketTimeoutException silent) {
                    // the server goes on listening
                }
            }
            assertThat(answer).isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void launches_whoseBodiesNeverCome_takeHalfOfTheThreadsAtMost() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            Answer refused = Caller.until(503, () -> {
                // one more each time, as a request of a moment ago may still be ending
                waiting.add(beginLaunch());
                return alice.post("/launch", "{");
            });
            assertThat(waiting).hasSizeGreaterThanOrEqualTo(WebServer.MAX_THREADS / 2 - 1);
            assertThat(refused.detail()).contains("as many requests under way as one caller may");
            assertThat(server.bob().post("/launch", "{").status()).isEqualTo(422);
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
        Caller.until(422, () -> alice.post("/launch", "{"));
    }

    @Test
    void everyAnswer_carriesARequestIdAndNothingOfTheServer() throws Exception {
        Answer answer = alice.get("/containers/nothing/status");

        assertThat(answer.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{16}");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    private Socket beginLaunch() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().port());
        socket.getOutputStream().write((launchHead(100_000) + "\r\n{").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String launchHead(int length) {
        return "POST /launch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TestServer.ALICE
                + "\r\nContent-Length: " + length + "\r\n";
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.detail()).isNotBlank().hasSizeLessThan(400);
        assertThat(answer.json().path("errors")).isNotEmpty();
    }

    private String raw(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().port())) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            try {
                out.write(request.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            } catch (IOException refusedEarly) {
                // the answer came before everything was sent
                assertThat(refusedEarly).hasMessageContaining("roken pipe");
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] piece = new byte[4_096];
            try {
                int read;
                while ((read = socket.getInputStream().read(piece)) >= 0) {
                    answer.write(piece, 0, read);
                }
            } catch (SocketException reset) {
                // a connection is reset if it ends before everything was read from it
                assertThat(reset).hasMessageContaining("reset");
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
