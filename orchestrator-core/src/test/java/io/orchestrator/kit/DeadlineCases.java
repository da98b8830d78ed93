package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.orchestrator.container.ExecSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer.Phase;
import io.orchestrator.spi.VolumeStore;
import java.time.Duration;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

abstract class DeadlineCases extends Cases {
    /** The verbs that block, each as a call on a running container. */
    enum Verb {
        LIST,
        CREATE,
        START,
        STOP,
        REMOVE,
        INSPECT
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void verb_expiredCall_failsAndChangesNothing(Verb verb) {
        String running = node().run(script(FOREVER));
        String created = node().create(script(FOREVER));
        CallContext expired = node().call(Duration.ZERO);

        ErrorCode code = codeOf(() -> callVerb(verb, expired, running, created));

        assertThat(code).isIn(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.OUTCOME_UNKNOWN, ErrorCode.NODE_UNREACHABLE);
        assertUnchanged(running, created);
    }

    @ParameterizedTest
    @EnumSource(Verb.class)
    void verb_cancelledCall_failsAndChangesNothing(Verb verb) {
        String running = node().run(script(FOREVER));
        String created = node().create(script(FOREVER));
        CallContext cancelled = node().call();
        cancelled.cancel();

        ErrorCode code = codeOf(() -> callVerb(verb, cancelled, running, created));

        assertThat(code).isEqualTo(ErrorCode.CANCELLED);
        assertUnchanged(running, created);
    }

    @Test
    void probe_expiredCall_endsWithAFailure() {
        CallContext expired = node().call(Duration.ZERO);

        assertThatThrownBy(() -> node().transport().probe(expired).get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(OrchestratorException.class);
    }

    @Test
    void stop_deadlineBeforeGrace_endsByItsDeadlineAndOneSecond() {
        needs(LogSource.class);
        String id = node().run(script(IGNORES_TERM));
        node().awaitOutput(id, "ready");
        long begin = node().runtime().nanoTime();

        ErrorCode code =
                codeOf(() -> node().transport().stop(node().call(Duration.ofSeconds(1)), id, Duration.ofSeconds(25)));

        Duration took = Duration.ofNanos(node().runtime().nanoTime() - begin);
        assertThat(code).isIn(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.DEADLINE_EXCEEDED);
        assertThat(took).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void stop_cancelledWhileItWaits_endsSoon() throws Exception {
        needs(LogSource.class);
        String id = node().run(script(IGNORES_TERM));
        node().awaitOutput(id, "ready");
        CallContext call = node().call();
        Runnable timer = node().runtime().schedule(Duration.ofMillis(300), call::cancel);
        long begin = node().runtime().nanoTime();

        ErrorCode code = codeOf(() -> node().transport().stop(call, id, Duration.ofSeconds(25)));

        timer.run();
        assertThat(code).isIn(ErrorCode.CANCELLED, ErrorCode.OUTCOME_UNKNOWN);
        assertThat(Duration.ofNanos(node().runtime().nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void abilities_expiredCall_failAndChangeNothing() {
        CallContext expired = node().call(Duration.ZERO);
        NodeTransport transport = node().transport();
        String volume = node().volume("late");
        Set<ErrorCode> late =
                Set.of(ErrorCode.DEADLINE_EXCEEDED, ErrorCode.OUTCOME_UNKNOWN, ErrorCode.NODE_UNREACHABLE);

        transport.as(VolumeStore.class).ifPresent(volumes -> {
            assertThat(codeOf(() -> volumes.createVolume(expired, volume, new TreeMap<>(node().labels()))))
                    .isIn(late);
            assertThat(volumes.volumeLabels(node().call(), volume)).isEmpty();
        });
        transport.as(ImageStore.class).ifPresent(images -> assertThat(
                        codeOf(() -> images.imageId(expired, kit().image())))
                .isIn(late));
        String id = node().run(script(FOREVER));
        transport.as(ExecRunner.class).ifPresent(exec -> assertThat(codeOf(
                        () -> exec.exec(expired, id, ExecSpec.of("true"), node().collector(Collector.Demand.ALL))))
                .isIn(late));
        assertThat(catchThrowable(node()::list)).isNull();
    }

    private void callVerb(Verb verb, CallContext call, String running, String created) {
        NodeTransport transport = node().transport();
        switch (verb) {
            case LIST -> transport.list(call, found -> {});
            case CREATE ->
                transport.create(
                        call, node().request(node().name(), script(FOREVER).build()));
            case START -> transport.start(call, created);
            case STOP -> transport.stop(call, running, Duration.ofSeconds(1));
            case REMOVE -> transport.remove(call, running);
            case INSPECT -> transport.inspect(call, running);
        }
    }

    private void assertUnchanged(String running, String created) {
        assertThat(node().list()).hasSize(2);
        assertThat(node().inspect(running).phase()).isEqualTo(Phase.RUNNING);
        assertThat(node().inspect(created).phase()).isEqualTo(Phase.CREATED);
    }
}
