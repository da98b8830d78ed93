package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.ObservedContainer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer is only believed if it is wholly well-formed: nothing else is a success, and above all no absence. */
class HostileAnswerTest extends EngineFixture {
    private static final String JSON_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    static Stream<Arguments> brokenAnswers() {
        return Stream.of(
                Arguments.of("no HTTP", "SSH-2.0-OpenSSH_9.2\r\n\r\n"),
                Arguments.of("HTTP/2", "HTTP/2.0 200 OK\r\n\r\n"),
                Arguments.of("status of letters", "HTTP/1.1 abc OK\r\n\r\n"),
                Arguments.of("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"),
                Arguments.of("status too small", "HTTP/1.1 099 OK\r\n\r\n"),
                Arguments.of("status too large", "HTTP/1.1 999 OK\r\n\r\n"),
                Arguments.of("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}"),
                Arguments.of("bare carriage return", "HTTP/1.1 200 OK\rX: y\r\n\r\n"),
                Arguments.of("NUL in the head", "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"),
                Arguments.of("header without colon", "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n"),
                Arguments.of("header without name", "HTTP/1.1 200 OK\r\n: x\r\n\r\n"),
                Arguments.of("folded header", "HTTP/1.1 200 OK\r\nX: y\r\n z: w\r\n\r\n"),
                Arguments.of("space before the colon", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\n{}"),
                Arguments.of("too many headers", "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(201) + "\r\n"),
                Arguments.of("head too large", "HTTP/1.1 200 OK\r\nX: " + "y".repeat(70_000) + "\r\n\r\n"),
                Arguments.of("many interim answers", "HTTP/1.1 103 Hints\r\n\r\n".repeat(17) + json(200, OURS)),
                Arguments.of("protocol switched unasked", "HTTP/1.1 101 UPGRADED\r\n\r\n" + OURS),
                Arguments.of("length twice", JSON_HEAD + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"),
                Arguments.of("length negative", JSON_HEAD + "Content-Length: -2\r\n\r\n{}"),
                Arguments.of("length with sign", JSON_HEAD + "Content-Length: +2\r\n\r\n{}"),
                Arguments.of("length overflows", JSON_HEAD + "Content-Length: 99999999999999999999\r\n\r\n{}"),
                Arguments.of(
                        "two kinds of length", JSON_HEAD + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Arguments.of("unknown transfer encoding", JSON_HEAD + "Transfer-Encoding: gzip, chunked\r\n\r\n"),
                Arguments.of("body cut off", JSON_HEAD + "Content-Length: 5000\r\n\r\n" + OURS),
                Arguments.of(
                        "body too large",
                        JSON_HEAD + "Content-Length: 18000000\r\n\r\n{\"a\":\"" + "x".repeat(18_000_000 - 8) + "\"}"),
                Arguments.of(
                        "many small texts, too large in all",
                        JSON_HEAD + "Content-Length: 18000000\r\n\r\n{\"a\":[" + "\"xxxxxx\",".repeat(2_000_000)),
                Arguments.of("chunk size not hexadecimal", chunked("zz\r\n{}\r\n0\r\n\r\n")),
                Arguments.of("chunk size empty", chunked("\r\n{}\r\n0\r\n\r\n")),
                Arguments.of("chunk size negative", chunked("-2\r\n{}\r\n0\r\n\r\n")),
                Arguments.of("chunk size overflows", chunked("ffffffffffffffffff\r\n{}\r\n0\r\n\r\n")),
                Arguments.of("chunk huge and cut off", chunked("7fffffffffff\r\n" + OURS)),
                Arguments.of("chunk longer than it says", chunked("2\r\n{}xx\r\n0\r\n\r\n")),
                Arguments.of("chunk line endless", chunked("2;" + "x".repeat(1_000) + "\r\n{}\r\n0\r\n\r\n")),
                Arguments.of(
                        "chunks without end", chunked(Integer.toHexString(OURS.length()) + "\r\n" + OURS + "\r\n")),
                Arguments.of("trailers too large", chunked("0\r\n" + "X: y\r\n".repeat(2_000) + "\r\n")),
                Arguments.of("page of a proxy", answer(200, "text/html", "<html>login</html>")),
                Arguments.of("404 of a proxy", answer(404, "text/html", "<html>not found</html>")),
                Arguments.of("404 without content", answer(404, "application/json", "")),
                Arguments.of("404 without message", json(404, "{\"error\":\"no such container\"}")),
                Arguments.of("404 of a router", refusal(404, "page not found")),
                Arguments.of("redirect", "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"),
                Arguments.of("success without content", "HTTP/1.1 204 No Content\r\n\r\n"),
                Arguments.of("other success", json(206, OURS)),
                Arguments.of("empty body", json(200, "")),
                Arguments.of("no object", json(200, "[]")),
                Arguments.of("null", json(200, "null")),
                Arguments.of("JSON cut off", json(200, OURS.substring(0, 100))),
                Arguments.of("two values", json(200, OURS + "{}")),
                Arguments.of("key twice", json(200, OURS.replace("{\"Id\"", "{\"Id\":\"x\",\"Id\""))),
                Arguments.of("not a number", json(200, OURS.replace("\"ExitCode\":0", "\"ExitCode\":NaN"))),
                Arguments.of("10,000 deep", json(200, "{\"a\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}")),
                Arguments.of("65 deep", json(200, "{\"a\":" + "[".repeat(64) + "]".repeat(64) + "}")),
                Arguments.of("bad UTF-8", JSON_HEAD + "Content-Length: 10\r\n\r\n{\"a\":\"\u00ff\u00fe\"}"),
                Arguments.of("id missing", json(200, OURS.replace("\"Id\"", "\"Key\""))),
                Arguments.of("id of another type", json(200, OURS.replace("\"Id\":\"" + ID + "\"", "\"Id\":7"))),
                Arguments.of("label of another type", json(200, OURS.replace("\"" + INSTALLATION + "\"", "{}"))),
                Arguments.of("state unknown", json(200, OURS.replace("running", "flying"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenAnswers")
    void inspect_brokenAnswer_isAProtocolError(String name, String answer) {
        engine().answeringAndClosing(answer);

        OrchestratorException failure = failureOf(() -> node().inspect(call(), "web"));

        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        assertThat(failure).hasMessageStartingWith("inspect of 'web' on node 'edge-1'");
        assertThat(failure.getMessage()).hasSizeLessThan(700);
    }

    static Stream<Arguments> wellFormedAnswers() {
        String length = Integer.toHexString(OURS.length());
        String first = OURS.substring(0, 10);
        String rest = OURS.substring(10);
        return Stream.of(
                Arguments.of("plain", json(200, OURS)),
                Arguments.of("after interim answers", "HTTP/1.1 100 Continue\r\n\r\n".repeat(3) + json(200, OURS)),
                Arguments.of("no reason phrase", json(200, OURS).replace(" X\r\n", "\r\n")),
                Arguments.of("other letters in headers", json(200, OURS).replace("Content-", "CONTENT-")),
                Arguments.of("chunk extension", chunked(length + ";name=value\r\n" + OURS + "\r\n0\r\n\r\n")),
                Arguments.of("trailers", chunked(length + "\r\n" + OURS + "\r\n0\r\nX: y\r\n\r\n")),
                Arguments.of(
                        "two chunks",
                        chunked("a\r\n" + first + "\r\n" + Integer.toHexString(rest.length()) + "\r\n" + rest
                                + "\r\n0\r\n\r\n")),
                Arguments.of("until the end", JSON_HEAD + "\r\n" + OURS),
                Arguments.of("unknown fields", json(200, OURS.replace("{\"Id\"", "{\"New\":[{\"x\":1.5}],\"Id\""))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wellFormedAnswers")
    void inspect_wellFormedAnswer_isUnderstoodAlsoByteByByte(String name, String answer) {
        engine().answeringAndClosing(answer);
        assertThat(node().inspect(call(), "web").orElseThrow().name()).isEqualTo("web");

        engine().script((request, peer) -> {
            for (int i = 0; i < answer.length(); i++) {
                peer.send(answer.substring(i, i + 1));
            }
            peer.close();
        });
        assertThat(node().inspect(call(), "web").orElseThrow().name()).isEqualTo("web");
    }

    @Test
    void inspect_engineSaysNoSuchContainer_isEmpty() {
        engine().answering(refusal(404, "No such container: web"));

        assertThat(node().inspect(call(), "web")).isEmpty();
    }

    @Test
    void inspect_engineMessageLongAndUgly_isShortenedAndCleaned() {
        engine().answering(refusal(500, "\\u001b[31mred\\n\\u202e" + "x".repeat(5_000)));

        OrchestratorException failure = failureOf(() -> node().inspect(call(), "web"));

        assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_ERROR);
        assertThat(failure.getMessage()).contains("red").hasSizeLessThan(600).doesNotContain("\u001b", "\n", "\u202e");
    }

    @Test
    void list_largerThanOneAnswerMayBe_isDeliveredEntryByEntry() {
        String labels = "\"Labels\":{\"" + ContainerLabels.INSTALLATION + "\":\"" + INSTALLATION + "\",\"pad\":\""
                + "x".repeat(1_000) + "\"}";
        StringBuilder body = new StringBuilder("[");
        for (int i = 0; i < 12_000; i++) {
            body.append(i == 0 ? "" : ",");
            body.append("{\"Id\":\"")
                    .append(i)
                    .append("\",\"Names\":[\"/c")
                    .append(i)
                    .append("\"],\"State\":\"exited\",");
            body.append("\"Status\":\"Exited (137) 2 hours ago\",")
                    .append(labels)
                    .append('}');
        }
        engine().answering(json(200, body.append(']').toString()));
        List<ObservedContainer> found = new ArrayList<>();

        node().list(call(), found::add);

        assertThat(body.length()).isGreaterThan(12 << 20);
        assertThat(found).hasSize(12_000);
        assertThat(found.get(11_999).name()).isEqualTo("c11999");
        assertThat(found.get(0).exitCode()).hasValue(137);
    }

    @Test
    void list_filterIgnoredByTheEngine_stillDeliversOnlyOurs() {
        engine().answering(json(
                200,
                "[{\"Id\":\"1\",\"Names\":[\"/foreign\"],\"State\":\"running\",\"Labels\":{\""
                        + ContainerLabels.INSTALLATION
                        + "\":\"other\"}},{\"Id\":\"2\",\"Names\":[],\"State\":\"running\"}]"));
        List<ObservedContainer> found = new ArrayList<>();

        node().list(call(), found::add);

        assertThat(found).isEmpty();
    }

    @Test
    void list_cutOffAfterAnEntry_isAProtocolError() {
        String entry = "{\"Id\":\"1\",\"Names\":[],\"State\":\"running\"}";
        engine().answeringAndClosing(chunked(Integer.toHexString(entry.length() + 1) + "\r\n[" + entry + "\r\n"));

        assertThat(failureOf(() -> node().list(call(), found -> {})).code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void listVolumes_oneEntryTooLarge_isAProtocolError() {
        engine().answering(json(200, "{\"Volumes\":[{\"Name\":[" + "\"xxxxxx\",".repeat(1_000_000) + "\"\"]}]}"));

        assertThat(failureOf(() -> node().listVolumes(call(), name -> {})).code())
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    private static String chunked(String chunks) {
        return JSON_HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks;
    }
}
