package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.ExecRunner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions: their end, their back-pressure, and terminals. */
abstract class ExecSessionCases extends Cases {
    private static final Duration WRITE = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofMillis(600);

    @BeforeEach
    void needsExec() {
        needs(ExecRunner.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "setsid ", "nohup "})
    void close_commandWithChildren_endsTheWholeTree(String prefix) {
        String id = forever();
        String file = kit().scratch() + "/grows-" + node().unique();
        String grow = "while :; do echo x >> " + file + "; sleep 0.05; done";
        Collector output = all();
        ExecSession session = node().exec(
                        id,
                        sh(prefix + "sh -c '" + grow + "' </dev/null >/dev/null 2>&1 & echo begun; sleep 1000"),
                        output);
        output.awaitStdout("begun");
        node().until("growth of '" + file + "'", () -> !content(id, file).isEmpty());

        session.close();

        assertThat(session.exit()).isDone();
        assertStopped(id, file);
        assertThat(node().inspect(id).running()).isTrue();
    }

    @Test
    void close_commandEndedButChildLives_endsTheChild() {
        String id = forever();
        String file = kit().scratch() + "/grows-" + node().unique();
        Collector output = all();
        ExecSession session = node().exec(
                        id,
                        sh("sh -c 'while :; do echo x >> " + file
                                + "; sleep 0.05; done' </dev/null >/dev/null 2>&1 & exit 5"),
                        output);
        output.awaitComplete();
        assertThat(node().exitOf(session)).isEqualTo(5);
        node().until("growth of '" + file + "'", () -> !content(id, file).isEmpty());

        session.close();

        assertStopped(id, file);
    }

    @Test
    void close_commandIgnoringTerm_endsIt() {
        String id = forever();
        Collector output = all();
        ExecSession session = node().exec(id, sh(IGNORES_TERM), output);
        output.awaitStdout("ready");

        session.close();

        assertThat(session.exit()).isDone();
        output.awaitEnd();
    }

    @Test
    void close_endedAlready_isNotAnErrorAndKeepsTheExitCode() {
        Collector output = all();
        ExecSession session = node().exec(forever(), sh("exit 6"), output);
        output.awaitComplete();
        assertThat(node().exitOf(session)).isEqualTo(6);

        session.close();
        session.close();

        assertThat(node().exitOf(session)).isEqualTo(6);
    }

    @Test
    void close_oneOfTwoSessions_leavesTheOther() {
        String id = forever();
        Collector kept = all();
        ExecSession open = node().exec(id, sh("while read line; do echo \"got $line\"; done"), kept);
        ExecSession closed = node().exec(id, ExecSpec.of("cat"), all());

        closed.close();

        open.write(text("one\n"), WRITE);
        kept.awaitStdout("got one\n");
    }

    @Test
    void close_whileOutputIsNotRequested_endsSoon() {
        Collector output = node().collector(Collector.Demand.BY_HAND);
        ExecSession session =
                node().exec(forever(), sh("while :; do echo 0123456789012345678901234567890123456789; done"), output);
        long begin = node().runtime().nanoTime();

        session.close();

        assertThat(Duration.ofNanos(node().runtime().nanoTime() - begin)).isLessThan(Duration.ofSeconds(11));
    }

    @Test
    void close_byItsSubscriberAmidOutput_endsTheSession() {
        Collector output = node().collector(Collector.Demand.BY_HAND);
        ExecSession session =
                node().exec(forever(), sh("while :; do echo 0123456789012345678901234567890123456789; done"), output);
        output.onOutput(session::close);
        output.request(1);

        output.awaitEnd();

        node().until("end of the session", () -> session.exit().isDone());
        assertThat(codeOf(() -> session.write(text("late\n"), WRITE))).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void write_closedSession_saysClosed() {
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), all());
        session.close();

        assertThat(codeOf(() -> session.write(text("late\n"), WRITE))).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void write_endedCommand_saysClosed() {
        Collector output = all();
        ExecSession session = node().exec(forever(), sh("exit 0"), output);
        output.awaitComplete();
        assertThat(node().exitOf(session)).isZero();

        assertThat(codeOf(() -> session.write(text("late\n"), WRITE))).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void write_commandThatDoesNotRead_endsByItsTimeout() {
        ExecSession session = node().exec(forever(), sh("sleep 1000"), all());
        ByteBuffer much = ByteBuffer.allocate(64 << 20);
        long begin = node().runtime().nanoTime();

        ErrorCode code = codeOf(() -> session.write(much, Duration.ofSeconds(2)));

        assertThat(code).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(node().runtime().nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    }

    @Test
    void stop_containerWithSession_endsTheSession() {
        String id = forever();
        Collector output = all();
        ExecSession session = node().exec(id, sh("echo begun; sleep 1000"), output);
        output.awaitStdout("begun");

        node().stop(id);

        output.awaitEnd();
        node().until("end of the session", () -> session.exit().isDone());
    }

    @Test
    void exec_outputNotRequested_holdsTheCommandBack() {
        String id = forever();
        String file = kit().scratch() + "/progress-" + node().unique();
        Collector output = node().collector(Collector.Demand.BY_HAND);
        String step = "head -c 524288 /dev/zero; echo x >> " + file;
        ExecSession session = node().exec(
                        id,
                        sh("for i in 1 2 3 4 5 6 7 8; do for j in 1 2 3 4 5 6 7 8; do " + step + "; done; done"),
                        output);

        String held = settled(id, file);
        assertThat(output.stdoutSize()).isZero();
        // the pipes and sockets on the way hold something too, but never half of the 32 MiB
        assertThat(held.length() / "x\n".length()).isLessThan(32);

        output.request(Long.MAX_VALUE);
        output.awaitComplete();
        assertThat(output.stdoutSize()).isEqualTo(64 * 524_288);
        assertThat(node().exitOf(session)).isZero();
    }

    @Test
    void terminal_firstSize_isTheOneAskedFor() {
        needsNo(Gap.TERMINALS);
        Collector output = all();

        node().exec(forever(), terminal("stty size", 120, 40), output);

        assertThat(output.awaitComplete().stdoutText()).isEqualTo("40 120\r\n");
    }

    @Test
    void terminal_resized_hasTheNewSize() {
        needsNo(Gap.TERMINALS);
        Collector output = all();
        ExecSession session = node().exec(
                        forever(), terminal("echo ready; read line; stty size; read line; stty size", 80, 24), output);
        output.awaitStdout("ready");
        session.write(text("a\n"), WRITE);
        output.awaitStdout("24 80\r\n");

        session.resize(TerminalSize.of(132, 50));

        session.write(text("b\n"), WRITE);
        output.awaitStdout("50 132\r\n");
        output.awaitComplete();
    }

    @Test
    void terminal_resizedAtOnce_keepsTheLastSize() {
        needsNo(Gap.TERMINALS);
        for (int i = 1; i <= 10; i++) {
            Collector output = all();
            ExecSession session = node().exec(forever(), terminal("read line; stty size", 80, 24), output);

            session.resize(TerminalSize.of(132, 50));
            session.write(text("a\n"), WRITE);

            assertThat(output.awaitComplete().stdoutText()).endsWith("50 132\r\n");
        }
    }

    @Test
    void terminal_errors_comeOnTheOneStream() {
        needsNo(Gap.TERMINALS);
        Collector output = all();

        node().exec(forever(), terminal("echo out; echo err >&2", 80, 24), output);

        output.awaitComplete();
        assertThat(output.stdoutText()).isEqualTo("out\r\nerr\r\n");
        assertThat(output.stderrText()).isEmpty();
    }

    @Test
    void terminal_controlD_endsTheInput() {
        needsNo(Gap.TERMINALS);
        Collector output = all();
        ExecSession session = node().exec(forever(), terminal("cat; echo after", 80, 24), output);

        session.write(text("line\n"), WRITE);
        output.awaitStdout("line\r\nline\r\n");
        session.write(text("\u0004"), WRITE);

        output.awaitStdout("after\r\n");
        output.awaitComplete();
    }

    @Test
    void terminal_exitCode_isTold() {
        needsNo(Gap.TERMINALS);
        Collector output = all();

        ExecSession session = node().exec(forever(), terminal("exit 42", 80, 24), output);

        assertThat(node().exitOf(session)).isEqualTo(42);
        output.awaitComplete();
    }

    @Test
    void terminal_closed_endsTheWholeTree() {
        needsNo(Gap.TERMINALS);
        String id = forever();
        String file = kit().scratch() + "/grows-" + node().unique();
        String grow = "while :; do echo x >> " + file + "; sleep 0.05; done";
        Collector output = all();
        ExecSession session = node().exec(
                        id,
                        terminal(
                                "setsid sh -c '" + grow + "' </dev/null >/dev/null 2>&1 & echo begun; sleep 1000",
                                80,
                                24),
                        output);
        output.awaitStdout("begun");
        node().until("growth of '" + file + "'", () -> !content(id, file).isEmpty());

        session.close();

        assertStopped(id, file);
    }

    @Test
    void resize_withoutTerminal_doesNothing() {
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        session.resize(TerminalSize.of(10, 10));

        session.write(text("still here"), WRITE);
        session.closeInput();
        assertThat(output.awaitComplete().stdoutText()).isEqualTo("still here");
    }

    private void assertStopped(String id, String file) {
        String before = content(id, file);
        assertThat(node().eventually(() -> !content(id, file).equals(before), QUIET))
                .as("'%s' still grows", file)
                .isFalse();
    }

    /** The file's content once it no longer changes. */
    private String settled(String id, String file) {
        String[] last = {content(id, file)};
        node().until("rest of '" + file + "'", () -> {
            String before = last[0];
            boolean grew = node().eventually(() -> !content(id, file).equals(before), QUIET);
            last[0] = content(id, file);
            return !grew;
        });
        return last[0];
    }

    private String content(String id, String file) {
        return node().execScript(id, "cat " + file + " 2>/dev/null; :");
    }

    private String forever() {
        return node().run(script(FOREVER));
    }

    private Collector all() {
        return node().collector(Collector.Demand.ALL);
    }

    private static ExecSpec sh(String script) {
        return ExecSpec.of("sh", "-c", script);
    }

    private static ExecSpec terminal(String script, int columns, int rows) {
        return ExecSpec.builder("sh", "-c", script)
                .terminal(TerminalSize.of(columns, rows))
                .build();
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
