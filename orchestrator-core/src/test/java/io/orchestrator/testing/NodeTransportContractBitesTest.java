package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.kit.KitRunner;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Plants bugs into a transport that passes and proves that the contract finds each of them. */
class NodeTransportContractBitesTest {
    @Test
    void failedCases_correctTransportWithoutAbilities_areNone() {
        assertThat(KitRunner.failedCases(Correct.class)).isEmpty();
    }

    @Test
    void failedCases_abilityThatIsNotDeclared_isFound() {
        assertThat(KitRunner.failedCases(WithUndeclaredAbilities.class)).contains("as_everyAbility_isAsDeclared");
    }

    @Test
    void failedCases_createThatAdoptsATakenName_isFound() {
        assertThat(KitRunner.failedCases(WithCreateThatAdopts.class))
                .contains(
                        "create_nameTakenByOurs_saysSoAndLeavesIt",
                        "create_nameTakenByForeign_saysSoAndLeavesIt",
                        "create_sameNameFromEightThreads_givesExactlyOneId");
    }

    @Test
    void failedCases_removeThatOnlyClaims_isFound() {
        assertThat(KitRunner.failedCases(WithRemoveThatOnlyClaims.class))
                .contains("remove_running_isGoneOnReturn", "remove_neverStarted_isGoneOnReturn");
    }

    @Test
    void failedCases_removeByName_isFound() {
        assertThat(KitRunner.failedCases(WithRemoveByName.class)).containsExactly("remove_name_leavesTheContainer");
    }

    @Test
    void failedCases_listOfEverything_isFound() {
        assertThat(KitRunner.failedCases(WithListOfEverything.class))
                .contains("list_otherInstallation_isNeverListed", "list_foreignContainer_isNeverListed");
    }

    @Test
    void failedCases_lateCreate_isFound() {
        assertThat(KitRunner.failedCases(WithDeadlineAfterTheEffect.class))
                .contains("verb_expiredCall_failsAndChangesNothing");
    }

    @Test
    void failedCases_startThatRestarts_isFound() {
        assertThat(KitRunner.failedCases(WithStartThatRestarts.class)).contains("start_runningAlready_isLeftAlone");
    }

    @Test
    void failedCases_logsWithoutBackPressure_areFound() {
        assertThat(KitRunner.failedCases(WithLogsThatIgnoreDemand.class))
                .contains("logs_nothingRequested_deliverNothing");
    }

    @Test
    void failedCases_closeThatLeavesProcesses_isFound() {
        assertThat(KitRunner.failedCases(WithCloseThatLeavesProcesses.class))
                .contains("close_commandWithChildren_endsTheWholeTree", "terminal_closed_endsTheWholeTree");
    }

    /** Without abilities, so that only the basic verbs are tried. */
    static class Correct extends FakeTransportTest {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new TransportOverlay(super.connect(installation, runtime));
        }

        @Override
        protected Set<Class<?>> abilities() {
            return Set.of();
        }
    }

    static final class WithUndeclaredAbilities extends FakeTransportTest {
        @Override
        protected Set<Class<?>> abilities() {
            return Set.of();
        }
    }

    static final class WithCreateThatAdopts extends Correct {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new TransportOverlay(super.connect(installation, runtime)) {
                @Override
                public String create(CallContext call, CreateRequest request) {
                    return inspect(call, request.name())
                            .map(ObservedContainer::engineId)
                            .orElseGet(() -> createOrAdopt(call, request));
                }

                private String createOrAdopt(CallContext call, CreateRequest request) {
                    try {
                        return super.create(call, request);
                    } catch (OrchestratorException taken) {
                        return inspect(call, request.name()).orElseThrow().engineId();
                    }
                }
            };
        }
    }

    static final class WithRemoveThatOnlyClaims extends Correct {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new TransportOverlay(super.connect(installation, runtime)) {
                @Override
                public void remove(CallContext call, String engineId) {
                    if (inspect(call, engineId).map(ObservedContainer::running).orElse(false)) {
                        stop(call, engineId, Duration.ZERO);
                    }
                }
            };
        }
    }

    static final class WithRemoveByName extends Correct {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new TransportOverlay(super.connect(installation, runtime)) {
                @Override
                public void remove(CallContext call, String engineId) {
                    super.remove(
                            call,
                            inspect(call, engineId)
                                    .map(ObservedContainer::engineId)
                                    .orElse(engineId));
                }
            };
        }
    }

    static final class WithListOfEverything extends Correct {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new TransportOverlay(super.connect(installation, runtime)) {
                @Override
                public void list(CallContext call, Consumer<ObservedContainer> sink) {
                    super.list(call, ours -> {});
                    everything().forEach(sink);
                }
            };
        }
    }

    static final class WithDeadlineAfterTheEffect extends Correct {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new TransportOverlay(super.connect(installation, runtime)) {
                @Override
                public String create(CallContext call, CreateRequest request) {
                    String id =
                            super.create(CallContext.startingNow(runtime::nanoTime, Duration.ofSeconds(1)), request);
                    call.check("create");
                    return id;
                }
            };
        }
    }

    static final class WithStartThatRestarts extends FakeTransportTest {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            NodeTransport correct = super.connect(installation, runtime);
            return new LogOverlay(correct) {
                @Override
                public void start(CallContext call, String engineId) {
                    if (inspect(call, engineId).map(ObservedContainer::running).orElse(false)) {
                        stop(call, engineId, Duration.ZERO);
                    }
                    super.start(call, engineId);
                }
            };
        }

        @Override
        protected Set<Class<?>> abilities() {
            return Set.of(LogSource.class);
        }
    }

    static final class WithLogsThatIgnoreDemand extends FakeTransportTest {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new LogOverlay(super.connect(installation, runtime)) {
                @Override
                public void logs(
                        CallContext call,
                        String engineId,
                        LogQuery query,
                        Flow.Subscriber<? super OutputChunk> subscriber) {
                    super.logs(call, engineId, query, new Greedy(subscriber));
                }
            };
        }

        @Override
        protected Set<Class<?>> abilities() {
            return Set.of(LogSource.class);
        }
    }

    static final class WithCloseThatLeavesProcesses extends FakeTransportTest {
        @Override
        protected NodeTransport connect(String installation, HostRuntime runtime) {
            return new ExecOverlay(super.connect(installation, runtime));
        }

        @Override
        protected Set<Class<?>> abilities() {
            return Set.of(ExecRunner.class);
        }
    }

    private static class LogOverlay extends TransportOverlay implements LogSource {
        private final LogSource correct;

        LogOverlay(NodeTransport correct) {
            super(correct);
            this.correct = (LogSource) correct;
        }

        @Override
        public void logs(
                CallContext call, String engineId, LogQuery query, Flow.Subscriber<? super OutputChunk> subscriber) {
            correct.logs(call, engineId, query, subscriber);
        }
    }

    private static final class ExecOverlay extends TransportOverlay implements ExecRunner {
        private final ExecRunner correct;

        ExecOverlay(NodeTransport correct) {
            super(correct);
            this.correct = (ExecRunner) correct;
        }

        @Override
        public ExecSession exec(
                CallContext call, String engineId, ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
            return new LeakySession(correct.exec(call, engineId, spec, subscriber));
        }
    }

    /** Asks for everything and passes on what was not requested. */
    private record Greedy(Flow.Subscriber<? super OutputChunk> subscriber) implements Flow.Subscriber<OutputChunk> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(new Flow.Subscription() {
                @Override
                public void request(long chunks) {}

                @Override
                public void cancel() {
                    subscription.cancel();
                }
            });
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(OutputChunk chunk) {
            subscriber.onNext(chunk);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            subscriber.onComplete();
        }
    }

    /** Claims that everything ended as soon as it is closed. */
    private record LeakySession(ExecSession correct, CompletableFuture<Integer> exit) implements ExecSession {
        LeakySession(ExecSession correct) {
            this(correct, correct.exit());
        }

        @Override
        public void write(ByteBuffer bytes, Duration timeout) {
            correct.write(bytes, timeout);
        }

        @Override
        public void closeInput() {
            correct.closeInput();
        }

        @Override
        public void resize(TerminalSize size) {
            correct.resize(size);
        }

        @Override
        public void close() {
            exit.complete(137);
        }
    }
}
