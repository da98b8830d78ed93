package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.LogQuery;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.LogSource;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class LogCases extends Cases {
    private static final LogQuery ALL = new LogQuery(-1, false);

    @BeforeEach
    void needsLogs() {
        needs(LogSource.class);
    }

    @Test
    void logs_ended_deliverEverythingAndComplete() {
        String id = node().runToEnd(script("echo one; echo two; printf three"));

        assertThat(node().output(id)).isEqualTo("one\ntwo\nthree");
    }

    @Test
    void logs_bothStreams_areKeptApart() {
        String id = node().runToEnd(script("echo out; echo err >&2; echo out2; echo err2 >&2"));

        Collector logs = node().logs(id, ALL).awaitComplete();

        assertThat(logs.stdoutText()).isEqualTo("out\nout2\n");
        assertThat(logs.stderrText()).isEqualTo("err\nerr2\n");
    }

    @Test
    void logs_neverStarted_areEmpty() {
        String id = node().create(script("echo one"));

        assertThat(node().output(id)).isEmpty();
    }

    @Test
    void logs_unknownContainer_endWithNotFound() {
        String id = node().create(script(FOREVER));
        node().remove(id);

        Throwable failure = node().logs(id, ALL).awaitFailure();

        assertThat(failure).isInstanceOf(OrchestratorException.class);
        assertThat(((OrchestratorException) failure).code()).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void logs_tail_deliversTheLastLines() {
        String id = node().runToEnd(script("seq 1 100"));

        assertThat(node().logs(id, LogQuery.tail(3)).awaitComplete().stdoutText())
                .isEqualTo("98\n99\n100\n");
        assertThat(node().logs(id, LogQuery.tail(1)).awaitComplete().stdoutText())
                .isEqualTo("100\n");
    }

    @Test
    void logs_tailOfNothing_isEmpty() {
        String id = node().runToEnd(script("seq 1 10"));

        assertThat(node().logs(id, LogQuery.tail(0)).awaitComplete().stdoutText())
                .isEmpty();
    }

    @Test
    void logs_tailOfMoreThanThereIs_deliversAll() {
        String id = node().runToEnd(script("seq 1 3"));

        assertThat(node().logs(id, LogQuery.tail(1_000)).awaitComplete().stdoutText())
                .isEqualTo("1\n2\n3\n");
    }

    @Test
    void logs_notFollowing_endWhileTheContainerRuns() {
        String id = node().run(script("echo one; " + FOREVER));
        node().awaitOutput(id, "one");

        assertThat(node().output(id)).isEqualTo("one\n");
        assertThat(node().inspect(id).running()).isTrue();
    }

    @Test
    void logs_following_deliverLaterLinesInOrderUntilTheEnd() {
        String id = node().run(script("for i in 1 2 3 4 5 6 7 8 9; do echo line-$i; sleep 0.05; done"));

        Collector logs = node().logs(id, LogQuery.following()).awaitComplete();

        assertThat(logs.stdoutText())
                .isEqualTo(IntStream.rangeClosed(1, 9)
                        .mapToObj(i -> "line-" + i + "\n")
                        .collect(Collectors.joining()));
    }

    @Test
    void logs_followingWithTail_beginAtTheTail() {
        String id =
                node().run(script("trap 'echo three; exit 0' TERM; echo one; echo ready; while :; do sleep 0.1; done"));
        node().awaitOutput(id, "ready");
        Collector logs = node().logs(id, new LogQuery(1, true));
        logs.awaitStdout("ready");

        node().stop(id);

        logs.awaitComplete();
        assertThat(logs.stdoutText()).isEqualTo("ready\nthree\n");
    }

    @Test
    void logs_followingEnded_complete() {
        String id = node().runToEnd(script("echo done"));

        assertThat(node().logs(id, LogQuery.following()).awaitComplete().stdoutText())
                .isEqualTo("done\n");
    }

    @Test
    void logs_followingStopped_complete() {
        String id = node().run(script("echo begun; " + FOREVER));
        Collector logs = node().logs(id, LogQuery.following());
        logs.awaitStdout("begun");

        node().stop(id);

        assertThat(logs.awaitComplete().stdoutText()).isEqualTo("begun\n");
    }

    @Test
    void logs_followingRemoved_end() {
        String id = node().run(script("echo begun; " + FOREVER));
        Collector logs = node().logs(id, LogQuery.following());
        logs.awaitStdout("begun");

        node().remove(id);

        logs.awaitEnd();
        assertThat(logs.stdoutText()).isEqualTo("begun\n");
    }

    @Test
    void logs_callCancelled_endWithCancelled() {
        String id = node().run(script("echo begun; " + FOREVER));
        CallContext call = node().call();
        Collector logs = node().collector(Collector.Demand.ALL);
        node().ability(LogSource.class).logs(call, id, LogQuery.following(), logs);
        logs.awaitStdout("begun");

        call.cancel();

        Throwable failure = logs.awaitFailure();
        assertThat(failure).isInstanceOf(OrchestratorException.class);
        assertThat(((OrchestratorException) failure).code()).isEqualTo(ErrorCode.CANCELLED);
    }

    @Test
    void logs_subscriptionCancelled_deliverNothingMore() {
        String id = node().run(script("while :; do echo tick; sleep 0.05; done"));
        Collector logs = node().logs(id, LogQuery.following());
        logs.awaitStdout("tick\ntick\n");

        logs.cancel();

        // one chunk may be under way; what another reader sees later proves that the container goes on
        node().awaitOutput(id, "tick\n".repeat(lines(logs) + 10));
        int seen = lines(logs);
        node().awaitOutput(id, "tick\n".repeat(seen + 20));
        assertThat(lines(logs)).isEqualTo(seen);
    }

    @Test
    void logs_transportClosed_end() {
        String id = node().run(script("echo begun; " + FOREVER));
        KitNode second = node().again();
        Collector logs = second.logs(id, LogQuery.following());
        logs.awaitStdout("begun");

        second.transport().close();

        logs.awaitEnd();
        assertThat(node().inspect(id).running()).isTrue();
    }

    @Test
    void logs_oneChunkAtATime_deliverEveryByteInOrder() {
        String id = node().runToEnd(script("seq 1 100000"));
        Collector logs = node().collector(Collector.Demand.ONE_AT_A_TIME);

        node().ability(LogSource.class).logs(node().call(), id, ALL, logs);

        assertThat(logs.awaitComplete().stdoutText()).isEqualTo(numbers(100_000));
    }

    @Test
    void logs_nothingRequested_deliverNothing() {
        String id = node().runToEnd(script("seq 1 1000"));
        Collector logs = node().collector(Collector.Demand.BY_HAND);
        node().ability(LogSource.class).logs(node().call(), id, ALL, logs);

        // other readers that get all of it give this one time to break the rule, on a busy machine too
        for (int i = 0; i < 20; i++) {
            assertThat(node().output(id)).isEqualTo(numbers(1_000));
        }
        assertThat(logs.stdoutSize()).isZero();

        logs.request(Long.MAX_VALUE);
        assertThat(logs.awaitComplete().stdoutText()).isEqualTo(numbers(1_000));
    }

    @Test
    void logs_severalReaders_eachGetAll() {
        String id = node().run(script("seq 1 5000; sleep 0.2; echo end"));
        Collector first = node().logs(id, LogQuery.following());
        Collector second = node().logs(id, LogQuery.following());

        assertThat(first.awaitComplete().stdoutText()).isEqualTo(numbers(5_000) + "end\n");
        assertThat(second.awaitComplete().stdoutText()).isEqualTo(numbers(5_000) + "end\n");
    }

    @Test
    void logs_multibyteCharacters_areByteExact() {
        String text = "a😀é日".repeat(2_000);

        String id = node().runToEnd(script("printf '%s' \"$1\"; printf '%s' \"$1\"", text));

        assertThat(node().output(id)).isEqualTo(text + text);
    }

    private static int lines(Collector logs) {
        return logs.stdoutSize() / "tick\n".length();
    }

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }
}
