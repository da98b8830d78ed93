package io.orchestrator.transport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ExecRunner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: processes can play containers only on Linux")
final class ProcessSessionTest {
    private static final Duration WRITE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private LocalNode node;
    private String container;

    @BeforeEach
    void connect() {
        node = new LocalNode(directory);
        container = node.run(LocalNode.script("exec sleep 1000"));
    }

    @AfterEach
    void removeAll() {
        node.close();
    }

    @Test
    void terminal_rawMode_isByteExactBothWays() throws Exception {
        byte[] random = new byte[1 << 20];
        node.runtime.randomBytes(random);
        Output output = new Output();
        ExecSession session = exec(terminal("stty raw -echo; echo ready; exec head -c " + random.length), output);
        node.until("raw mode", () -> output.text().equals("ready\n"));

        session.write(ByteBuffer.wrap(random), WRITE);

        assertThat(session.exit().get(30, TimeUnit.SECONDS)).isZero();
        byte[] got = output.await().bytes();
        assertThat(got).hasSize(random.length + "ready\n".length());
        assertThat(java.util.Arrays.copyOfRange(got, "ready\n".length(), got.length))
                .isEqualTo(random);
    }

    @Test
    void terminal_resizedTwice_tellsEachSize() throws Exception {
        Output output = new Output();
        ExecSession session = exec(terminal("stty -echo; while read line; do stty size; done"), output);
        session.write(text("\n"), WRITE);
        node.until("first size", () -> output.text().contains("24 80\r\n"));

        session.resize(TerminalSize.of(200, 60));
        session.write(text("\n"), WRITE);
        node.until("second size", () -> output.text().contains("60 200\r\n"));

        session.resize(TerminalSize.of(1, 1));
        session.write(text("\n"), WRITE);
        node.until("third size", () -> output.text().contains("1 1\r\n"));
    }

    @Test
    void terminal_controlC_interrupts() throws Exception {
        Output output = new Output();
        ExecSession session = exec(terminal("echo ready; exec sleep 1000"), output);
        node.until("begin", () -> output.text().contains("ready"));

        session.write(text("\u0003"), WRITE);

        assertThat(session.exit().get(20, TimeUnit.SECONDS)).isEqualTo(130);
    }

    @Test
    void close_afterWriteToATerminalThatDoesNotRead_leavesNoThread() {
        ExecSession session = exec(terminal("stty raw; exec sleep 1000"), new Output());
        ByteBuffer much = ByteBuffer.allocate(1 << 20);
        long begin = node.runtime.nanoTime();

        ErrorCode code = codeOf(() -> session.write(much, Duration.ofSeconds(1)));

        assertThat(code).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(node.runtime.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(codeOf(() -> session.write(text("more"), WRITE))).isEqualTo(ErrorCode.CLOSED);
        session.close();
        assertThat(session.exit()).isDone();
        node.until("end of the session's threads", () -> sessionThreads() == 0);
    }

    @Test
    void close_hundredSessions_leaveNoThreadProcessOrFile() throws Exception {
        for (int i = 0; i < 50; i++) {
            Output piped = new Output();
            exec(ExecSpec.of("sh", "-c", "echo done; exec sleep 1000"), piped).close();
            exec(terminal("exec sleep 1000"), new Output()).close();
        }

        node.until("end of the sessions' threads", () -> sessionThreads() == 0);
        assertThat(node.sessionsOf(container)).isEmpty();
        assertThat(Disk.entries(directory.resolve("test/containers").resolve(container)))
                .noneMatch(file -> file.getFileName().toString().startsWith("exec-"));
    }

    @Test
    void exit_childHoldsTheOutputOpen_completesAllTheSame() throws Exception {
        Output output = new Output();
        ExecSession session = exec(ExecSpec.of("sh", "-c", "echo begun; sleep 1000 & exit 4"), output);

        assertThat(session.exit().get(20, TimeUnit.SECONDS)).isEqualTo(4);

        assertThat(output.await().text()).isEqualTo("begun\n");
        session.close();
        assertThat(node.sessionsOf(container)).isEmpty();
    }

    @Test
    void transportClose_openSessions_endsThemAndLeavesTheContainer() {
        ExecSession session = exec(ExecSpec.of("sleep", "1000"), new Output());

        node.transport.close();

        assertThat(session.exit()).isDone();
        assertThat(node.sessionsOf(container)).isEmpty();
        assertThat(node.inspect(container).running()).isTrue();
    }

    @Test
    void transportClose_manySessionsWhoseOutputNobodyTakes_endsThemTogether() {
        List<ExecSession> sessions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            sessions.add(node.transport
                    .as(ExecRunner.class)
                    .orElseThrow()
                    .exec(node.call(), container, ExecSpec.of("sh", "-c", "echo x; exec sleep 1000"), new Unread()));
        }
        long begin = node.runtime.nanoTime();

        node.transport.close();

        assertThat(Duration.ofNanos(node.runtime.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(sessions).allSatisfy(session -> assertThat(session.exit().handle((code, failure) -> "ended"))
                .succeedsWithin(Duration.ofSeconds(10)));
        assertThat(node.sessionsOf(container)).isEmpty();
    }

    /** Asks for nothing. */
    private static final class Unread implements Flow.Subscriber<OutputChunk> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {}

        @Override
        public void onNext(OutputChunk chunk) {}

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}
    }

    private ExecSession exec(ExecSpec spec, Output output) {
        return node.transport.as(ExecRunner.class).orElseThrow().exec(node.call(), container, spec, output);
    }

    private static ExecSpec terminal(String script) {
        return ExecSpec.builder("sh", "-c", script)
                .terminal(TerminalSize.of(80, 24))
                .build();
    }

    private static long sessionThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey() != Thread.currentThread()
                        && java.util.Arrays.stream(thread.getValue()).anyMatch(frame -> frame.getClassName()
                                .startsWith("io.orchestrator.transport.process.")))
                .count();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static ErrorCode codeOf(Runnable call) {
        OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call::run);
        assertThat(failure).isNotNull();
        return failure.code();
    }
}
