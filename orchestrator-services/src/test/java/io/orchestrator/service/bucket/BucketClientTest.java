package io.orchestrator.service.bucket;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.operation.Page;
import io.orchestrator.security.Secret;
import io.orchestrator.service.ServiceAccess;
import io.orchestrator.service.ServiceHost;
import io.orchestrator.service.ServiceId;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of every way in which a bucket, or something in its place, can answer. */
class BucketClientTest {
    private static final String TOKEN = "canary-canary-canary-canary-canary-canary-x";
    private static final String MODIFIED = "Thu, 01 Jan 2026 00:00:00 GMT";

    private final ThreadRuntime runtime = new ThreadRuntime();
    private final WireMockServer server =
            new WireMockServer(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"));
    private BucketClient client;

    @BeforeEach
    void start() {
        server.start();
        client = client(server.port());
    }

    @AfterEach
    void stop() {
        server.stop();
        runtime.close();
    }

    private BucketClient client(int port) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .executor(task -> runtime.execute("test-http", task))
                .build();
        ServiceAccess access = new ServiceAccess() {
            @Override
            public ServiceId id() {
                return ServiceId.of("bucket-" + "0".repeat(32));
            }

            @Override
            public Secret credential(String name) {
                return Secret.of(TOKEN);
            }
        };
        return ReferenceBucket.engine()
                .connect(URI.create("http://127.0.0.1:" + port), access, new ServiceHost(runtime, http))
                .withTimeout(Duration.ofSeconds(20));
    }

    private void answers(ResponseDefinitionBuilder response) {
        server.stubFor(any(anyUrl()).willReturn(response));
    }

    private static ResponseDefinitionBuilder refusal(int status) {
        return aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "application/json")
                .withBody("{\"detail\":\"said why\"}");
    }

    private static ResponseDefinitionBuilder content(byte[] body, String etag) {
        return aResponse()
                .withHeader("ETag", '"' + etag + '"')
                .withHeader("Last-Modified", MODIFIED)
                .withHeader("Content-Length", Integer.toString(body.length))
                .withBody(body);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String described(String name, long size, String etag) {
        return "{\"name\":\"" + name + "\",\"size\":" + size
                + ",\"last_modified\":\"2026-01-01T00:00:00Z\",\"etag\":\"\\\"" + etag + "\\\"\"}";
    }

    private static byte[] readAll(BucketContent content) throws IOException {
        try (content) {
            return content.stream().readAllBytes();
        }
    }

    @Test
    void list_pageWithMore_isReadWithItsCursor() {
        String etag = "0".repeat(64);
        answers(okJson("{\"objects\":[" + described("a b", 3, etag) + "],\"next\":\"c1\"}"));

        Page<BucketObject> page = client.list("a ", "c0+", 7);

        assertThat(page.items())
                .containsExactly(new BucketObject("a b", 3, Instant.parse("2026-01-01T00:00:00Z"), etag));
        assertThat(page.next()).contains("c1");
        server.verify(anyRequestedFor(anyUrl())
                .withUrl("/data/objects?limit=7&prefix=a%20&cursor=c0%2B")
                .withHeader("Authorization", equalTo("Bearer " + TOKEN)));
    }

    @Test
    void download_wholeObject_isVerified() throws Exception {
        byte[] body = utf8("content");
        answers(content(body, sha256(body)));

        BucketContent content = client.download("a");

        assertThat(content.object().size()).isEqualTo(7);
        assertThat(readAll(content)).isEqualTo(body);
    }

    @Test
    void download_bytesAndTagDiffer_failsAtTheEnd() {
        answers(content(utf8("content"), "0".repeat(64)));

        assertThat(failure(() -> readAll(client.download("a")))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void download_range_isWhatWasAskedFor() throws Exception {
        answers(content(utf8("nte"), "0".repeat(64)).withStatus(206).withHeader("Content-Range", "bytes 2-4/7"));

        BucketContent content = client.download("a", ByteRange.of(2, 4));

        assertThat(content.length()).isEqualTo(3);
        assertThat(content.object().size()).isEqualTo(7);
        assertThat(readAll(content)).isEqualTo(utf8("nte"));
        server.verify(anyRequestedFor(anyUrl()).withHeader("Range", equalTo("bytes=2-4")));
        assertThat(failure(() -> client.download("a", ByteRange.of(1, 4)))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void download_rangeAnsweredWithTheWhole_isAProtocolError() {
        answers(content(utf8("content"), "0".repeat(64)));

        assertThat(failure(() -> client.download("a", ByteRange.from(1)))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void upload_streamOfUnknownLength_isSentInPiecesAndCompared() throws Exception {
        byte[] body = utf8("x".repeat(100_000));
        answers(okJson(described("a", body.length, sha256(body))));

        BucketObject stored = client.upload("a", new ByteArrayInputStream(body));

        assertThat(stored.size()).isEqualTo(100_000);
        server.verify(anyRequestedFor(anyUrl())
                .withHeader("Transfer-Encoding", equalTo("chunked"))
                .withRequestBody(equalTo("x".repeat(100_000))));
    }

    @Test
    void upload_empty_isAnObjectToo() throws Exception {
        answers(okJson(described("a", 0, sha256(new byte[0]))));

        assertThat(client.upload("a", InputStream.nullInputStream()).size()).isZero();
    }

    @Test
    void upload_answerDescribesOtherBytes_isAProtocolError() {
        answers(okJson(described("a", 1, "0".repeat(64))));

        assertThat(failure(() -> client.upload("a", new ByteArrayInputStream(utf8("x")))))
                .isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void upload_sourceBreaks_isGivenUpWithTheSourcesReason() {
        answers(okJson("{}"));
        InputStream gone = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), gone);

        OrchestratorException failure =
                catchThrowableOfType(OrchestratorException.class, () -> client.upload("a", broken));

        assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(failure).hasRootCauseMessage("the disk is gone");
    }

    @Test
    void upload_answerLost_isUnknownAndNotSentAgain() {
        answers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        assertThat(catchThrowableOfType(
                        OutcomeUnknownException.class, () -> client.upload("a", new ByteArrayInputStream(utf8("x")))))
                .isNotNull();
        assertThat(server.findAll(anyRequestedFor(anyUrl()))).hasSize(1);
    }

    @Test
    void upload_refusalBrokenOff_isUnknown() throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            runtime.execute("test-service", () -> {
                try (Socket connection = listener.accept()) {
                    assertThat(connection.getInputStream().read()).isEqualTo('P');
                    connection
                            .getOutputStream()
                            .write(utf8("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 100\r\n\r\n{\"detail\":"));
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });

            assertThat(catchThrowableOfType(OutcomeUnknownException.class, () -> client(listener.getLocalPort())
                            .upload("a", new ByteArrayInputStream(utf8("x")))))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_ARGUMENT",
        "401, UNAUTHORIZED",
        "403, UNAUTHORIZED",
        "409, CONFLICT",
        "413, INVALID_ARGUMENT",
        "416, INVALID_ARGUMENT",
        "500, ENGINE_ERROR",
        "503, BUSY",
        "507, NO_SPACE"
    })
    void everyCall_refused_saysWhyAndNeverShowsTheToken(int status, ErrorCode code) {
        answers(refusal(status));

        for (ThrowingCallable call : calls()) {
            OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call);
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.getMessage()).contains(Integer.toString(status));
            assertThat(trace(failure)).doesNotContain(TOKEN);
        }
    }

    @Test
    void everyCall_refusalQuotesTheToken_isNotRepeated() {
        answers(refusal(401).withBody("{\"detail\":\"no Bearer " + TOKEN + "\"}"));

        for (ThrowingCallable call : calls()) {
            OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call);
            assertThat(trace(failure)).doesNotContain(TOKEN);
        }
    }

    @Test
    void missingObject_serviceSaysSo_isAbsence() {
        answers(refusal(404));

        assertThat(client.stat("a")).isEmpty();
        assertThat(client.delete("a")).isFalse();
        assertThat(failure(() -> client.download("a"))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void missingObject_proxySaysSo_isAProtocolErrorAndNoAbsence() {
        answers(aResponse()
                .withStatus(404)
                .withHeader("Content-Type", "text/html")
                .withBody("<html>Not Found</html>"));

        for (ThrowingCallable call : calls()) {
            assertThat(failure(call)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        }
    }

    @Test
    void everyCall_redirected_isNotFollowed() {
        answers(aResponse().withStatus(302).withHeader("Location", server.baseUrl() + "/elsewhere"));

        for (ThrowingCallable call : calls()) {
            assertThat(failure(call)).isEqualTo(ErrorCode.PROTOCOL_ERROR);
        }
        assertThat(server.findAll(anyRequestedFor(anyUrl()).withUrl("/elsewhere")))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void everyCall_connectionBreaks_failsWithoutTheToken(Fault fault) {
        answers(aResponse().withHeader("Content-Type", "application/json").withFault(fault));

        for (ThrowingCallable call : calls()) {
            OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call);
            assertThat(failure.code())
                    .isIn(ErrorCode.NODE_UNREACHABLE, ErrorCode.PROTOCOL_ERROR, ErrorCode.OUTCOME_UNKNOWN);
            assertThat(trace(failure)).doesNotContain(TOKEN);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{\"objects\":{}}",
                "{\"objects\":[{\"name\":\"a\"}]}",
                "{\"objects\":[{\"name\":\"a\",\"size\":-1,\"last_modified\":\"x\",\"etag\":\"y\"}]}",
                "{\"objects\":[]} {}",
                "{\"objects\":[],\"objects\":[]}"
            })
    void list_answerMalformed_isAProtocolError(String body) {
        answers(okJson(body));

        assertThat(failure(() -> client.list("", null, 10))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void list_hundredThousandLevelsDeep_isAProtocolError() {
        answers(okJson("{\"objects\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));

        assertThat(failure(() -> client.list("", null, 10))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void list_tenMegabytes_isNotTaken() {
        answers(okJson("{\"objects\":[],\"x\":\"" + "y".repeat(10 << 20) + "\"}"));

        assertThat(failure(() -> client.list("", null, 10))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void list_moreObjectsThanAskedFor_isAProtocolError() {
        String object = described("a", 3, "0".repeat(64));
        answers(okJson("{\"objects\":[" + object + "," + object + "]}"));

        assertThat(failure(() -> client.list("", null, 1))).isEqualTo(ErrorCode.PROTOCOL_ERROR);
    }

    @Test
    void everyCall_answerDribbles_isCutAtTheDeadline() {
        answers(content(utf8("x".repeat(1_000)), "0".repeat(64))
                .withHeader("Content-Type", "application/json")
                .withChunkedDribbleDelay(100, 60_000));
        BucketClient hasty = client.withTimeout(Duration.ofSeconds(1));
        long begin = runtime.nanoTime();

        assertThat(failure(() -> hasty.list("", null, 1))).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(failure(() -> readAll(hasty.download("a")))).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);

        assertThat(Duration.ofNanos(runtime.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void everyCall_noAnswer_isCutAtTheDeadline() {
        answers(okJson("{}").withFixedDelay(30_000));
        BucketClient hasty = client.withTimeout(Duration.ofSeconds(1));

        assertThat(failure(() -> hasty.stat("a"))).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(failure(() -> hasty.upload("a", new ByteArrayInputStream(utf8("x")))))
                .isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
    }

    @Test
    void everyCall_nobodyListens_isUnreachable() {
        server.stop();

        for (ThrowingCallable call : calls()) {
            assertThat(failure(call)).isEqualTo(ErrorCode.NODE_UNREACHABLE);
        }
    }

    @Test
    void idempotentCall_serviceBusyAtFirst_isTriedAgain() {
        server.stubFor(any(anyUrl())
                .inScenario("busy")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("free")
                .willReturn(refusal(503)));
        server.stubFor(
                any(anyUrl()).inScenario("busy").whenScenarioStateIs("free").willReturn(okJson("{\"detail\":\"\"}")));

        assertThat(client.delete("a")).isTrue();
        assertThat(server.findAll(anyRequestedFor(anyUrl()))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "., %2E", "..  , %2E%2E", "../../etc/passwd, %2E%2E%2F%2E%2E%2Fetc%2Fpasswd", "a?b#c, a%3Fb%23c",
        "C:\\x, C%3A%5Cx", "%2e, %252e", "ü, %C3%BC", "//, %2F%2F"
    })
    void names_thatLookLikePaths_areSentAsOneSegment(String name, String encoded) {
        answers(refusal(404));

        assertThat(client.stat(name)).isEmpty();

        server.verify(anyRequestedFor(anyUrl()).withUrl("/data/objects/" + encoded));
    }

    @Test
    void names_outsideTheirLimits_areNotSent() {
        for (String name : List.of("", "a\0b", "a\nb", "x".repeat(1_025), "ü".repeat(513), "\ud800")) {
            assertThat(failure(() -> client.stat(name))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            assertThat(failure(() -> client.upload(name, InputStream.nullInputStream())))
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(failure(() -> client.list("", null, 1_001))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(failure(() -> ByteRange.of(4, 2))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(server.findAll(anyRequestedFor(anyUrl()))).isEmpty();
    }

    private List<ThrowingCallable> calls() {
        return List.of(
                () -> client.list("", null, 10),
                () -> client.stat("a"),
                () -> readAll(client.download("a")),
                () -> client.upload("a", new ByteArrayInputStream(utf8("x"))),
                () -> client.delete("a"));
    }

    private static ErrorCode failure(ThrowingCallable call) {
        OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call);
        assertThat(failure).isNotNull();
        return failure.code();
    }

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
