package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestLogTest {
    private TestServer server;
    private Caller alice;
    private CapturedLog log;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        server = TestServer.start(directory);
        alice = server.alice();
        log = CapturedLog.open();
    }

    @AfterEach
    void stop() {
        log.close();
        server.close();
    }

    @Test
    void request_launch_isLoggedWithEveryIdItWasAbout() throws Exception {
        Answer launched = alice.post("/launch", Caller.launch("alice", "logged"));

        ILoggingEvent line = log.await(id(launched), RequestLogTest::isRequestLine);
        assertThat(line.getFormattedMessage()).startsWith("POST /launch 200 in ");
        assertThat(line.getMDCPropertyMap())
                .containsEntry("container", launched.field("container_id"))
                .containsKey("operation");
    }

    /** What fails later is told by the server's own threads, with the ids of its request. */
    @Test
    void request_launchThatFails_logsWhyUnderItsOwnId() throws Exception {
        Answer refused = alice.post(
                "/launch",
                """
                {"user_id": "alice", "config": {"image": "no-such-image:1", "cpu": 0.1, "memory": "64m"}}""");

        ILoggingEvent line =
                log.await(id(refused), why -> why.getFormattedMessage().startsWith("refused with 404 IMAGE_NOT_FOUND"));
        assertThat(line.getMDCPropertyMap()).containsKeys("container", "operation");
        assertThat(line.getThreadName()).startsWith("control-plane-");
    }

    @Test
    void handshake_accepted_isLoggedAndItsTerminalHasItsIds() throws Exception {
        String container = server.launch(alice, "alice", "shell");

        TerminalUser user = TerminalUser.open(alice, "dev", container);
        user.type("echo op''en\n").awaitText(text -> text.contains("open"));

        ILoggingEvent line = find("GET /ws/terminal/{node_id}/{container_id} 101");
        assertThat(line.getMDCPropertyMap())
                .containsEntry("container", container)
                .containsEntry("node", "dev");
        String request = line.getMDCPropertyMap().getOrDefault("request", "");
        assertThat(request).matches("[0-9a-f]{16}");
        assertThat(log.await(request, other -> other.getLoggerName().startsWith("io.orchestrator.terminal"))
                        .getMDCPropertyMap())
                .containsOnlyKeys("request", "node", "container");
        user.socket().abort();
    }

    @Test
    void handshake_refused_isLoggedUnderTheIdItWasAnsweredWith() throws Exception {
        CompletionException refused = Assertions.catchThrowableOfType(
                CompletionException.class, () -> TerminalUser.open(server.nobody(), "dev", "unknown"));

        assertThat(refused.getCause()).isInstanceOf(WebSocketHandshakeException.class);
        var response = Objects.requireNonNull((WebSocketHandshakeException) refused.getCause())
                .getResponse();
        String request = response.headers().firstValue("X-Request-Id").orElseThrow();
        ILoggingEvent line = log.await(request, RequestLogTest::isRequestLine);
        assertThat(line.getFormattedMessage()).startsWith("GET /ws/terminal/{node_id}/{container_id} 401 in ");
        assertThat(line.getMDCPropertyMap()).containsEntry("node", "dev").containsEntry("container", "unknown");
    }

    private ILoggingEvent find(String message) throws Exception {
        return log.await(line -> line.getFormattedMessage().startsWith(message));
    }

    private static String id(Answer answer) {
        return answer.headers().firstValue("X-Request-Id").orElseThrow();
    }

    private static boolean isRequestLine(ILoggingEvent line) {
        return line.getLoggerName().equals(RequestLog.class.getName());
    }
}
