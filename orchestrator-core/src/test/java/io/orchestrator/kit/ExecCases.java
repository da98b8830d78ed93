package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.ExecRunner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on pipes: what goes in and comes out. */
abstract class ExecCases extends Cases {
    private static final Duration WRITE = Duration.ofSeconds(20);

    @BeforeEach
    void needsExec() {
        needs(ExecRunner.class);
    }

    @Test
    void exec_bothStreams_areKeptApart() {
        Collector output = all();
        ExecSession session = node().exec(forever(), sh("echo out; echo err >&2"), output);

        output.awaitComplete();

        assertThat(output.stdoutText()).isEqualTo("out\n");
        assertThat(output.stderrText()).isEqualTo("err\n");
        assertThat(node().exitOf(session)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 127, 255})
    void exec_ended_tellsItsExitCode(int code) {
        Collector output = all();

        ExecSession session = node().exec(forever(), sh("exit " + code), output);

        assertThat(node().exitOf(session)).isEqualTo(code);
        output.awaitComplete();
    }

    @Test
    void exec_unknownCommand_endsWith126Or127() {
        Collector output = all();

        ExecSession session = node().exec(forever(), ExecSpec.of("/no/such/command"), output);

        assertThat(node().exitOf(session)).isIn(126, 127);
        output.awaitComplete();
    }

    @Test
    void exec_argumentsWithQuotesAndLines_reachTheCommandExactly() {
        String hostile = " \"a\" 'b' $HOME `id` \\n\n* grüß 😀 ";
        Collector output = all();

        node().exec(forever(), ExecSpec.of("printf", "%s|", hostile, "", "end"), output);

        assertThat(output.awaitComplete().stdoutText()).isEqualTo(hostile + "||end|");
    }

    @Test
    void exec_environment_reachesTheCommand() {
        String id = node().run(script(FOREVER).env("OUTER", "outer"));
        Collector output = all();

        node().exec(
                        id,
                        ExecSpec.builder("sh", "-c", "printf '%s|%s' \"$OUTER\" \"$INNER\"")
                                .env("INNER", "in ner\n$x")
                                .build(),
                        output);

        assertThat(output.awaitComplete().stdoutText()).isEqualTo("outer|in ner\n$x");
    }

    @Test
    void exec_workingDirectory_isWhereTheCommandBegins() {
        Collector output = all();

        node().exec(
                        forever(),
                        ExecSpec.builder("pwd")
                                .workingDirectory(kit().scratch())
                                .build(),
                        output);

        assertThat(output.awaitComplete().stdoutText()).isEqualTo(kit().scratch() + "\n");
    }

    @Test
    void exec_user_isWhoTheCommandRunsAs() {
        needsNo(Gap.USERS);
        Collector output = all();

        node().exec(forever(), ExecSpec.builder("id", "-u").user("4321").build(), output);

        assertThat(output.awaitComplete().stdoutText()).isEqualTo("4321\n");
    }

    @Test
    void exec_inputUntilHalfClose_isByteExact() {
        byte[] input = new byte[1 << 20];
        node().runtime().randomBytes(input);
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        session.write(ByteBuffer.wrap(input), WRITE);
        session.closeInput();

        output.awaitComplete();
        assertThat(output.stdout()).isEqualTo(input);
        assertThat(node().exitOf(session)).isZero();
    }

    @Test
    void exec_inputClosedAtOnce_endsTheCommand() {
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        session.closeInput();
        session.closeInput();

        assertThat(output.awaitComplete().stdout()).isEmpty();
        assertThat(node().exitOf(session)).isZero();
    }

    @Test
    void exec_outputAfterHalfClose_stillComes() {
        Collector output = all();
        ExecSession session = node().exec(forever(), sh("cat; sleep 0.2; echo after"), output);

        session.write(text("before\n"), WRITE);
        session.closeInput();

        assertThat(output.awaitComplete().stdoutText()).isEqualTo("before\nafter\n");
    }

    @Test
    void exec_thousandSmallWrites_arriveInOrder() {
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        for (int i = 0; i < 1_000; i++) {
            session.write(text(i + "\n"), WRITE);
        }
        session.closeInput();

        assertThat(output.awaitComplete().stdoutText())
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> i + "\n").collect(Collectors.joining()));
    }

    @Test
    void exec_charactersSplitBetweenWrites_areByteExact() {
        byte[] bytes = "a😀é日".repeat(50).getBytes(StandardCharsets.UTF_8);
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        for (byte one : bytes) {
            session.write(ByteBuffer.wrap(new byte[] {one}), WRITE);
        }
        session.closeInput();

        assertThat(output.awaitComplete().stdout()).isEqualTo(bytes);
    }

    @Test
    void exec_everyByteValue_isKept() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        session.write(ByteBuffer.wrap(bytes), WRITE);
        session.closeInput();

        assertThat(output.awaitComplete().stdout()).isEqualTo(bytes);
    }

    @Test
    void exec_partOfABuffer_writesOnlyThatPart() {
        ByteBuffer buffer = text("not this, but this, and not this");
        buffer.position(10).limit(18);
        Collector output = all();
        ExecSession session = node().exec(forever(), ExecSpec.of("cat"), output);

        session.write(buffer, WRITE);
        session.closeInput();

        assertThat(output.awaitComplete().stdoutText()).isEqualTo("but this");
    }

    @Test
    void exec_conversation_answersWhileInputIsOpen() {
        Collector output = all();
        ExecSession session =
                node().exec(forever(), sh("while read line; do echo \"got $line\"; done; echo bye"), output);

        session.write(text("one\n"), WRITE);
        output.awaitStdout("got one\n");
        session.write(text("two\n"), WRITE);
        output.awaitStdout("got two\n");
        session.closeInput();

        assertThat(output.awaitComplete().stdoutText()).isEqualTo("got one\ngot two\nbye\n");
    }

    @Test
    void exec_oneChunkAtATime_getsEveryByteInOrder() {
        Collector output = node().collector(Collector.Demand.ONE_AT_A_TIME);

        node().exec(forever(), ExecSpec.of("seq", "1", "100000"), output);

        assertThat(output.awaitComplete().stdoutText())
                .isEqualTo(IntStream.rangeClosed(1, 100_000)
                        .mapToObj(i -> i + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void exec_notRunning_isAConflict() {
        String created = node().create(script(FOREVER));
        String ended = node().runToEnd(script("exit 0"));

        assertThat(codeOf(() -> node().exec(created, ExecSpec.of("true"), all())))
                .isEqualTo(ErrorCode.CONFLICT);
        assertThat(codeOf(() -> node().exec(ended, ExecSpec.of("true"), all()))).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void exec_unknownContainer_isNotFound() {
        String id = node().create(script(FOREVER));
        node().remove(id);

        assertThat(codeOf(() -> node().exec(id, ExecSpec.of("true"), all()))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void exec_twentyAtOnce_doNotMix() throws Exception {
        String id = forever();

        race(20, () -> {
            String marker = node().unique();
            assertThat(node().execScript(id, "echo " + marker)).isEqualTo(marker + "\n");
            return marker;
        });

        assertThat(node().inspect(id).running()).isTrue();
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

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
