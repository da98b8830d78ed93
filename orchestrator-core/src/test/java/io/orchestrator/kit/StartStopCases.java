package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

abstract class StartStopCases extends Cases {
    private static final String TICKS = "echo begun; while :; do sleep 0.05; echo tick; done";

    @Test
    void start_created_runs() {
        String id = node().create(script(FOREVER));

        node().start(id);

        assertThat(node().inspect(id).phase()).isEqualTo(Phase.RUNNING);
        assertThat(node().inspect(id).exitCode()).isEmpty();
    }

    @Test
    void start_runningAlready_isLeftAlone() {
        needs(LogSource.class);
        String id = node().run(script(TICKS));
        node().awaitOutput(id, "tick");

        node().start(id);

        assertBegunOnce(id);
    }

    @Test
    void start_fromEightThreads_beginsOnce() throws InterruptedException, ExecutionException, TimeoutException {
        needs(LogSource.class);
        String id = node().create(script(TICKS));

        race(8, () -> {
            node().start(id);
            return id;
        });

        assertBegunOnce(id);
    }

    @Test
    void start_unknownId_isNotFound() {
        assertThat(codeOf(() -> node().start(goneId()))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void start_unknownCommand_failsAndLeavesTheContainer() {
        needsNo(Gap.UNKNOWN_COMMANDS);
        String id = node().create(script("").entrypoint("/no/such/command"));

        assertThat(codeOf(() -> node().start(id))).isEqualTo(ErrorCode.ENGINE_ERROR);

        assertThat(node().inspect(id).running()).isFalse();
    }

    @Test
    void start_publishedPort_isMappedAsAsked() throws Exception {
        PublishedPort port = port();

        String id = node().run(script(FOREVER), port);

        assertThat(node().inspect(id).ports()).containsExactly(port);
    }

    @Test
    void start_twoPublishedPorts_areMappedAsAsked() throws Exception {
        PublishedPort first = port();
        PublishedPort second = new PublishedPort(9090, Protocol.UDP, "127.0.0.1", kit().freePort());

        String id = node().run(script(FOREVER), first, second);

        assertThat(node().inspect(id).ports()).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void start_portUsedByTheMachine_saysSoAndLeavesTheContainer() throws Exception {
        PublishedPort port = port();
        String id = node().create(script(FOREVER), port);
        try (AutoCloseable busy = kit().occupy(port.hostPort())) {
            assertThat(busy).isNotNull();

            assertThat(codeOf(() -> node().start(id))).isEqualTo(ErrorCode.PORT_TAKEN);
        }

        assertThat(node().inspect(id).running()).isFalse();
    }

    @Test
    void start_portUsedByAnotherContainer_saysSoAndLeavesBoth() throws Exception {
        needs(LogSource.class);
        PublishedPort port = port();
        String first = node().run(script(FOREVER), port);
        String second = node().create(script(FOREVER), port);

        assertThat(codeOf(() -> node().start(second))).isEqualTo(ErrorCode.PORT_TAKEN);

        assertThat(node().inspect(first).running()).isTrue();
        assertThat(node().inspect(second).running()).isFalse();
    }

    @Test
    void start_endedContainer_runsAgainUnderTheSameId() {
        String id = node().run(script(FOREVER));
        node().stop(id);

        node().start(id);

        assertThat(node().inspect(id).running()).isTrue();
        assertThat(node().list()).extracting(ObservedContainer::engineId).containsExactly(id);
    }

    @Test
    void start_endedContainer_appendsItsOutput() {
        needs(LogSource.class);
        String id = node().runToEnd(script("echo once more"));

        node().start(id);

        node().awaitExit(id);
        assertThat(node().output(id)).isEqualTo("once more\nonce more\n");
    }

    @Test
    void start_stoppedWithPort_mapsThePortAgain() throws Exception {
        PublishedPort port = port();
        String id = node().run(script(FOREVER), port);
        node().stop(id);

        node().start(id);

        assertThat(node().inspect(id).ports()).containsExactly(port);
    }

    @Test
    void stop_running_returnsOnceItEnded() {
        String id = node().run(script(FOREVER));

        node().stop(id);

        assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
        assertThat(node().inspect(id).exitCode()).isPresent();
    }

    @Test
    void stop_twice_changesNothing() {
        String id = node().run(script(FOREVER));
        node().stop(id);
        ObservedContainer stopped = node().inspect(id);

        node().stop(id);

        assertThat(node().inspect(id)).isEqualTo(stopped);
    }

    @Test
    void stop_neverStarted_isLeftAlone() {
        String id = node().create(script(FOREVER));

        node().stop(id);

        assertThat(node().inspect(id).phase()).isEqualTo(Phase.CREATED);
    }

    @Test
    void stop_endedByItself_keepsItsExitCode() {
        String id = node().runToEnd(script("exit 3"));

        node().stop(id);

        assertThat(node().inspect(id).exitCode()).hasValue(3);
    }

    @Test
    void stop_unknownId_isNotFound() {
        assertThat(codeOf(() -> node().stop(goneId()))).isEqualTo(ErrorCode.NOT_FOUND);
    }

    @Test
    void stop_signalHandled_endsInItsOwnWayBeforeTheGrace() {
        needs(LogSource.class);
        String id = node().run(script("trap 'exit 7' TERM; echo ready; while :; do sleep 0.1; done"));
        node().awaitOutput(id, "ready");
        long begin = node().runtime().nanoTime();

        node().transport().stop(node().call(), id, Duration.ofSeconds(25));

        assertThat(node().inspect(id).exitCode()).hasValue(7);
        assertThat(since(begin)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void stop_otherStopSignal_isTheOneThatIsSent() {
        needs(LogSource.class);
        String id = node().run(script("trap 'exit 9' USR1; echo ready; while :; do sleep 0.1; done")
                .stopSignal("SIGUSR1"));
        node().awaitOutput(id, "ready");

        node().stop(id);

        assertThat(node().inspect(id).exitCode()).hasValue(9);
    }

    @Test
    void stop_signalIgnored_killsAfterTheGrace() {
        needs(LogSource.class);
        String id = node().run(script(IGNORES_TERM));
        node().awaitOutput(id, "ready");
        long begin = node().runtime().nanoTime();

        node().transport().stop(node().call(), id, Duration.ofSeconds(1));

        assertThat(since(begin)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(20));
        assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
        assertThat(node().inspect(id).exitCode()).hasValue(137);
    }

    @Test
    void stop_noGrace_killsAtOnce() {
        needs(LogSource.class);
        String id = node().run(script(IGNORES_TERM));
        node().awaitOutput(id, "ready");
        long begin = node().runtime().nanoTime();

        node().transport().stop(node().call(), id, Duration.ZERO);

        assertThat(since(begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
    }

    @Test
    void stop_fromFourThreads_allReturnOnceItEnded() throws InterruptedException, ExecutionException, TimeoutException {
        String id = node().run(script(FOREVER));

        race(4, () -> {
            node().stop(id);
            assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
            return id;
        });

        assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
    }

    @Test
    void startAndStop_severalTimes_keepTheId() {
        String id = node().create(script(FOREVER));

        for (int round = 0; round < 3; round++) {
            node().start(id);
            assertThat(node().inspect(id).phase()).isEqualTo(Phase.RUNNING);
            node().stop(id);
            assertThat(node().inspect(id).phase()).isEqualTo(Phase.EXITED);
        }

        assertThat(node().list()).extracting(ObservedContainer::engineId).containsExactly(id);
    }

    @Test
    void startAndStop_containerOfOtherInstallation_leaveItAsItIs() {
        String created = other().create(script(FOREVER));
        String running = other().run(script(FOREVER));

        maybeRefused(() -> node().start(created));
        maybeRefused(() -> node().stop(running));

        assertThat(other().inspect(created).phase()).isEqualTo(Phase.CREATED);
        assertThat(other().inspect(running).phase()).isEqualTo(Phase.RUNNING);
    }

    /** Whoever writes the next tick must be the process that began first. */
    private void assertBegunOnce(String id) {
        int before = node().output(id).length();
        node().until("next tick", () -> node().output(id).length() > before + "begun\n".length());
        assertThat(node().inspect(id).running()).isTrue();
        assertThat(node().output(id)).matches("begun\n(tick\n)+");
    }

    private PublishedPort port() throws Exception {
        return new PublishedPort(8080, Protocol.TCP, "127.0.0.1", kit().freePort());
    }

    /** An id of the engine's own form that names nothing any more. */
    private String goneId() {
        String id = node().create(script(FOREVER));
        node().remove(id);
        return id;
    }

    private Duration since(long begin) {
        return Duration.ofNanos(node().runtime().nanoTime() - begin);
    }
}
