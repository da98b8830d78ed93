package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerminalRouteTest {
    private TestServer server;
    private Caller alice;
    private String container;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = TestServer.start(TestServer.settings(directory).pingPeriod(Duration.ofSeconds(1)));
        alice = server.alice();
        container = server.launch(alice, "alice", "shell");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void terminal_clientOfTheOriginal_getsBannerThenItsShell() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container);

        user.type("echo sum=$((20 + 22))\n");
        String shown = user.awaitText(text -> text.contains("sum=42"));

        assertThat(shown).startsWith("=== Docker Terminal Session Started ===\nContainer: shell (");
        assertThat(shown).contains(")\nStatus: running\nImage: alpine:3\n" + "=".repeat(40) + "\n");
        assertThat(server.admin().get("/metrics").text()).containsPattern("websocket_connections [1-9]");
        user.type("exit 7\n");
        assertThat(user.awaitClose()).isEqualTo(1000);
        assertThat(user.closeReason()).isEqualTo("the shell ended with code 7");
    }

    @Test
    void terminal_manyCharactersOfSeveralBytes_arriveUndamaged() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container);

        // a character of three bytes never divides a piece of 4,096 or 16,384
        user.type("head -c 20000 /dev/zero | sed 's/\\x0/\\xe2\\x82\\xac/g'; echo; echo DO''NE\n");
        String shown = user.awaitText(text -> text.contains("DONE"));

        assertThat(shown.chars().filter(c -> c == '\u20ac').count()).isEqualTo(20_000);
        assertThat(shown).doesNotContain("\ufffd");
        user.socket().abort();
    }

    @Test
    void terminal_withSubprotocol_takesBytesAndResizes() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container, TerminalRoute.SUBPROTOCOL);
        assertThat(user.socket().getSubprotocol()).isEqualTo(TerminalRoute.SUBPROTOCOL);

        user.type("{\"resize\":{\"columns\":117,\"rows\":43}}");
        user.typeBytes(
                "until [ \"$(stty size)\" = '43 117' ]; do :; done; echo si''zed\n".getBytes(StandardCharsets.UTF_8));
        String shown = user.awaitBytes(text -> text.contains("sized"));

        assertThat(shown).doesNotContain("Docker Terminal Session");
        user.type("no resize");
        assertThat(user.awaitClose()).isEqualTo(1007);
    }

    @Test
    void terminal_binaryFramesFromAClientOfTheOriginal_areTyped() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container);

        user.typeBytes("echo by''tes\n".getBytes(StandardCharsets.UTF_8));

        assertThat(user.awaitText(text -> text.contains("bytes"))).contains("bytes");
        user.socket().abort();
    }

    @Test
    void terminal_clientThatPauses_getsEverythingInOrder() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container, TerminalRoute.SUBPROTOCOL);
        user.typeBytes("stty -echo; seq 1 400000; echo DO''NE\n".getBytes(StandardCharsets.UTF_8));
        user.awaitBytes(text -> text.contains("\n1000\r"));

        user.pause();
        server.admin().get("/containers");
        user.resume();
        String shown = user.awaitBytes(text -> text.contains("DONE"));

        StringBuilder expected = new StringBuilder();
        for (int i = 1; i <= 400_000; i++) {
            expected.append(i).append("\r\n");
        }
        assertThat(shown.substring(shown.indexOf("1\r\n2\r\n3\r\n"))).startsWith(expected);
        user.socket().abort();
    }

    /** On a plain socket, as a client library gives up before it reads the answer. */
    @Test
    void terminal_frameOverTheLimit_closesWith1009() throws Exception {
        try (Socket socket = connect("/ws/terminal/dev/" + container, "")) {
            socket.setSoTimeout(30_000);
            String shown = "";
            byte[] buffer = new byte[65_536];
            boolean sent = false;
            // 0x88: a close frame; 0x03f1: 1009
            while (!shown.matches("(?s).*\\x88.\\x03\\xf1.*")) {
                int read = socket.getInputStream().read(buffer);
                assertThat(read).as(shown).isPositive();
                shown += new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                if (!sent && shown.contains("====\n")) {
                    sent = true;
                    // binary, last, masked, a length of 8 bytes: 65,537; a mask of zeros
                    byte[] frame = new byte[14 + 65_537];
                    System.arraycopy(new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 0, 0, 0, 1, 0, 1}, 0, frame, 0, 10);
                    socket.getOutputStream().write(frame);
                }
            }
        }
    }

    @Test
    void terminal_clientVanishes_endsItsProcesses() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container);
        user.type("sleep 31337 & echo pid''=$!\n");
        String shown = user.awaitText(text -> text.matches("(?s).*pid=\\d+\\r.*"));
        long pid = Long.parseLong(shown.replaceAll("(?s).*pid=(\\d+)\\r.*", "$1"));
        ProcessHandle background = ProcessHandle.of(pid).orElseThrow();

        user.socket().abort();

        assertThat(background.onExit().get(30, TimeUnit.SECONDS).isAlive()).isFalse();
    }

    @Test
    void terminal_intoAStoppedContainer_saysSoAndCloses() throws Exception {
        String stopped = server.launch(alice, "alice", "asleep");
        alice.post("/containers/" + stopped + "/stop", "");

        TerminalUser user = TerminalUser.open(alice, "dev", stopped);

        assertThat(user.awaitClose()).isEqualTo(1001);
        assertThat(user.awaitText(text -> true))
                .isEqualTo("ERROR: Cannot connect to terminal: Container 'asleep' is stopped, not running\n");
    }

    @Test
    void terminal_deletedMeanwhile_closesWith1001() throws Exception {
        String doomed = server.launch(alice, "alice", "doomed");
        TerminalUser user = TerminalUser.open(alice, "dev", doomed);
        user.type("echo he''re\n").awaitText(text -> text.contains("here"));

        alice.delete("/containers/" + doomed);

        assertThat(user.awaitClose()).isEqualTo(1001);
    }

    @Test
    void terminal_quietClientThatAnswersPings_staysOpen() throws Exception {
        TerminalUser user = TerminalUser.open(alice, "dev", container);

        user.awaitPings(5);

        assertThat(user.type("echo still''here\n").awaitText(text -> text.contains("stillhere")))
                .contains("stillhere");
        user.socket().abort();
    }

    @Test
    void terminal_clientThatAnswersNothing_isGoneAfterThreePings() throws Exception {
        try (Socket socket = connect("/ws/terminal/dev/" + container, "")) {
            socket.setSoTimeout(30_000);
            byte[] buffer = new byte[65_536];
            int read;
            do {
                // it reads, but sends nothing: neither pongs nor a close frame
                read = socket.getInputStream().read(buffer);
            } while (read >= 0);

            assertThat(read).isEqualTo(-1);
        }
    }

    @Test
    void upgrade_notAllowed_isRefusedBefore101() {
        assertThat(refusal(server.nobody(), "dev", container)).isEqualTo(401);
        assertThat(refusal(alice.as("x".repeat(40)), "dev", container)).isEqualTo(401);
        assertThat(refusal(server.bob(), "dev", container)).isEqualTo(404);
        assertThat(refusal(alice, "other", container)).isEqualTo(404);
        assertThat(refusal(alice, "dev", "unknown")).isEqualTo(404);
    }

    @Test
    void upgrade_fromAWebPage_isRefused() throws Exception {
        for (String origin : new String[] {"null", "https://evil.example", "http://127.0.0.1"}) {
            assertThat(handshake("/ws/terminal/dev/" + container, "Origin: " + origin + "\r\n"))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("{\"detail\":");
        }
    }

    @Test
    void upgrade_ofHostilePath_isRefused() throws Exception {
        for (String path : new String[] {
            "/ws/terminal/dev/x/../../containers/y/start",
            "/ws/terminal/dev/%2e%2e%2f",
            "/ws/terminal/dev/" + container + "%0d%0a",
            "/ws/terminal/dev/" + container + "/more",
            "/containers",
            "/ws/other"
        }) {
            assertThat(handshake(path, ""))
                    .as(path)
                    .matches("(?s)HTTP/1.1 40[04] .*")
                    .contains("{\"detail\":");
        }
    }

    @Test
    void route_withoutUpgrade_answers426() throws Exception {
        Answer answer = alice.get("/ws/terminal/dev/" + container);

        assertThat(answer.status()).isEqualTo(426);
        assertThat(answer.detail()).contains("WebSocket");
    }

    private static int refusal(Caller caller, String node, String id) {
        int[] status = new int[1];
        assertThatThrownBy(() -> TerminalUser.open(caller, node, id))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused -> status[0] = refused.getResponse().statusCode());
        return status[0];
    }

    private Socket connect(String path, String more) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().port());
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
                + "AAAAAAAAAAAAAAAAAAAAAA==\r\nAuthorization: Bearer " + TestServer.ALICE + "\r\n" + more + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private String handshake(String path, String more) throws IOException {
        try (Socket socket = connect(path, more)) {
            socket.setSoTimeout(10_000);
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[4_096];
            while (!answer.toString().contains("{\"detail\":")
                    && !answer.toString().startsWith("HTTP/1.1 101")) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                answer.append(new String(buffer, 0, read, StandardCharsets.US_ASCII));
            }
            return answer.toString();
        }
    }
}
