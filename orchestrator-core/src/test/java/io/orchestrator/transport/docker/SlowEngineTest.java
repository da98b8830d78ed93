package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines that are absent, silent, slow or gone in the middle: what is then known of the call, and when it ends. */
class SlowEngineTest extends EngineFixture {
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration DRIP = Duration.ofMillis(50);

    static Stream<Arguments> slowness() {
        ScriptedEngine.Script silent = (request, peer) -> peer.hang();
        return Stream.of(
                Arguments.of("silent", silent),
                Arguments.of("drips its head", drip("HTTP/1.1 201 OK\r\nX: " + "y".repeat(1_000))),
                Arguments.of("drips interim answers", drip("HTTP/1.1 100 C\r\n\r\n".repeat(100))));
    }

    private static ScriptedEngine.Script drip(String bytes) {
        return (request, peer) -> {
            for (int i = 0; i < bytes.length() && peer.pause(DRIP); i++) {
                peer.send(bytes.substring(i, i + 1));
            }
            peer.hang();
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slowness")
    void inspect_slowEngine_isCutAtItsDeadline(String name, ScriptedEngine.Script script) {
        engine().script(script);

        assertCutAtItsDeadline();
    }

    @Test
    void inspect_bodyDrips_isCutAtItsDeadline() {
        engine().script((request, peer) -> {
            peer.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n");
            drip(" ".repeat(900)).answer(request, peer);
        });

        assertCutAtItsDeadline();
    }

    private void assertCutAtItsDeadline() {
        node().ping(call());
        long begin = runtime().nanoTime();

        ErrorCode code = failureOf(() -> node().inspect(call(SHORT), "web")).code();

        assertThat(code).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(runtime().nanoTime() - begin)).isBetween(SHORT, SHORT.plusSeconds(1));
        assertThat(engine().awaitEnded(1)).as("socket closed").isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("slowness")
    void create_slowEngine_isUnknown(String name, ScriptedEngine.Script script) {
        engine().script(script);

        assertThat(failureOf(() -> node().create(call(SHORT), request(spec()))))
                .isInstanceOf(OutcomeUnknownException.class)
                .hasMessageStartingWith("create of 'web' on node 'edge-1'");
        assertThat(engine().awaitEnded(1)).as("socket closed").isTrue();
    }

    @Test
    void startStopRemove_silentEngine_areUnknown() {
        knowing((request, peer) -> peer.hang());

        assertThat(failureOf(() -> node().start(call(SHORT), ID))).isInstanceOf(OutcomeUnknownException.class);
        assertThat(failureOf(() -> node().stop(call(SHORT), ID, Duration.ZERO)))
                .isInstanceOf(OutcomeUnknownException.class);
        assertThat(failureOf(() -> node().remove(call(SHORT), ID))).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void create_engineTakesNothing_isCertainlyNotSent() {
        node().ping(call());
        engine().stopReading();
        engine().dropConnections();
        ContainerSpec.Builder large = ContainerSpec.builder("image");
        for (int i = 0; i < 7; i++) {
            large.env("LARGE_" + i, "x".repeat(131_072));
        }

        OrchestratorException failure = failureOf(() -> node().create(call(SHORT), request(large.build())));

        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(ErrorCode.NODE_UNREACHABLE);
    }

    @Test
    void everything_socketMissingOrRefusing_isUnreachable(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path refusing = directory.resolve("refusing");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(refusing))
                .close();

        for (Path path : new Path[] {missing, refusing}) {
            DockerNode away = connect(URI.create("unix://" + path));
            assertThat(failureOf(() -> away.inspect(call(), "web")).code()).isEqualTo(ErrorCode.NODE_UNREACHABLE);
            assertThat(failureOf(() -> away.create(call(), request(spec()))).code())
                    .isEqualTo(ErrorCode.NODE_UNREACHABLE);
            assertThat(away.probe(call())).failsWithin(Duration.ofSeconds(5));
            away.close();
        }
    }

    @Test
    void answerLost_changeIsUnknownAndReadIsUnreachable() {
        knowing((request, peer) -> peer.close());
        assertThat(failureOf(() -> node().start(call(), ID))).isInstanceOf(OutcomeUnknownException.class);

        engine().script((request, peer) -> peer.close());
        assertThat(failureOf(() -> node().inspect(call(), ID)).code()).isEqualTo(ErrorCode.NODE_UNREACHABLE);
    }

    @Test
    void create_answerCutInItsHead_isUnknown() {
        engine().answeringAndClosing("HTTP/1.1 201 Crea");

        assertThat(failureOf(() -> node().create(call(), request(spec())))).isInstanceOf(OutcomeUnknownException.class);
    }

    @Test
    void inspect_keptConnectionIsDead_isSentAgainOnAFreshOne() {
        engine().answering(json(200, OURS));
        assertThat(node().inspect(call(), "web")).isPresent();
        engine().dropConnections();

        assertThat(node().inspect(call(), "web")).isPresent();

        assertThat(engine().accepted()).isEqualTo(2);
    }

    @Test
    void inspect_diesOnAFreshConnection_isNotSentAgain() {
        node().ping(call());
        engine().dropConnections();
        engine().script((request, peer) -> peer.close());

        failureOf(() -> node().inspect(call(), "web"));

        // the dropped connection may still have carried the request; the fresh one after it is the last
        assertThat(engine().accepted()).isEqualTo(2);
    }

    @Test
    void start_keptConnectionIsDead_isSentExactlyOnce() {
        knowing((request, peer) -> peer.send("HTTP/1.1 204 No Content\r\n\r\n"));
        node().inspect(call(), ID);
        engine().dropConnections();

        node().start(call(), ID);

        assertThat(engine().requests())
                .filteredOn(line -> line.contains("/start"))
                .hasSize(1);
    }

    @Test
    void start_answerLostOnAKeptConnection_isNotSentAgain() {
        knowing((request, peer) -> peer.close());
        node().inspect(call(), ID);

        failureOf(() -> node().start(call(), ID));

        assertThat(engine().requests())
                .filteredOn(line -> line.contains("/start"))
                .hasSize(1);
    }

    @Test
    void calls_oneAfterTheOther_shareAConnection() {
        engine().answering(json(200, OURS));

        for (int i = 0; i < 20; i++) {
            node().inspect(call(), "web");
        }

        assertThat(engine().accepted()).isEqualTo(1);
    }

    @Test
    void cancel_whileTheEngineIsSilent_endsTheCall() {
        engine().script((request, peer) -> peer.hang());
        CallContext read = call();
        CallContext change = call();
        runtime().schedule(DRIP, read::cancel);

        ErrorCode code = failureOf(() -> node().inspect(read, "web")).code();
        runtime().schedule(DRIP, change::cancel);
        OrchestratorException unknown = failureOf(() -> node().create(change, request(spec())));

        assertThat(code).isEqualTo(ErrorCode.CANCELLED);
        assertThat(unknown).isInstanceOf(OutcomeUnknownException.class);
        assertThat(engine().awaitEnded(2)).as("sockets closed").isTrue();
    }

    @Test
    void close_whileTheEngineIsSilent_endsTheCallAndRefusesOthers() {
        engine().script((request, peer) -> peer.hang());
        runtime().schedule(DRIP, node()::close);

        assertThat(failureOf(() -> node().inspect(call(), "web")).code()).isEqualTo(ErrorCode.CLOSED);

        assertThat(failureOf(() -> node().inspect(call(), "web")).code()).isEqualTo(ErrorCode.CLOSED);
    }

    @Test
    void probe_silentEngine_endsByItsDeadline() {
        engine().script((request, peer) -> peer.hang());

        assertThat(node().probe(call(SHORT)))
                .failsWithin(SHORT.plusSeconds(1))
                .withThrowableOfType(ExecutionException.class)
                .havingCause()
                .isInstanceOf(OrchestratorException.class);
        assertThat(node().probe(call(Duration.ZERO)).handle((report, failure) -> failure != null))
                .succeedsWithin(1, TimeUnit.SECONDS)
                .isEqualTo(true);
    }

    @Test
    void probe_thatHitsAnError_ends() {
        AtomicInteger looks = new AtomicInteger();
        CallContext broken = CallContext.startingNow(
                () -> {
                    if (looks.getAndIncrement() > 0) {
                        throw new StackOverflowError("planted");
                    }
                    return 0;
                },
                SHORT);

        assertThat(node().probe(broken))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StackOverflowError.class);
    }

    private static ContainerSpec spec() {
        return ContainerSpec.builder("image").build();
    }
}
