package io.orchestrator.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The host dies at every commit, which is before and after every remote effect, and another one goes on. */
class CrashTest {
    private static final int LIMIT = 40;

    @Test
    void launch_hostDiesAtAnyCommit_isFinishedOnceOrWasNeverStored() throws InterruptedException {
        int crashes = 0;
        for (boolean died = true; died && crashes < LIMIT; crashes++) {
            try (EchoHost host = new EchoHost("echo:1")) {
                died = launchAndDie(host, crashes);
                host.comeBack();
                host.settle();

                boolean stored = crashes > 0;
                String when = "after " + crashes + " commits";
                assertThat(host.records()).as(when).hasSize(stored ? 1 : 0);
                assertThat(host.node.containers()).as(when).hasSize(stored ? 1 : 0);
                assertThat(host.volumes()).as(when).hasSize(stored ? 1 : 0);
                assertThat(host.services().list("echo", null, 10).items())
                        .as(when)
                        .allMatch(state -> state.status() == ServiceStatus.RUNNING
                                && state.endpoint().isPresent());
            }
        }
        assertThat(crashes).as("commits of a launch").isBetween(8, LIMIT - 1);
    }

    @Test
    void launch_hostDiesWhileItFails_isRemoved() throws InterruptedException {
        int crashes = 0;
        for (boolean died = true; died && crashes < LIMIT; crashes++) {
            try (EchoHost host = new EchoHost("echo:1")) {
                host.engine.answers(client -> {
                    throw new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "silent");
                });
                died = launchAndDie(host, crashes);
                host.comeBack();
                host.settle();

                String when = "after " + crashes + " commits";
                assertThat(host.node.containers()).as(when).isEmpty();
                assertThat(host.volumes()).as(when).isEmpty();
                assertThat(host.services().list("echo", null, 10).items())
                        .as(when)
                        .hasSize(crashes > 0 ? 1 : 0)
                        .allMatch(state -> state.status() == ServiceStatus.FAILED);
            }
        }
        assertThat(crashes).as("commits of a failing launch").isBetween(9, LIMIT - 1);
    }

    @Test
    void remove_hostDiesAtAnyCommit_leavesNothing() throws InterruptedException {
        int crashes = 0;
        for (boolean died = true; died && crashes < LIMIT; crashes++) {
            try (EchoHost host = new EchoHost("echo:1")) {
                Echo echo = host.services().launch(EchoSpec.builder(host.engine).build());
                host.store().crashAfter(crashes);
                died = dies(host, () -> echo.submitRemove(VolumePolicy.DELETE).await(EchoHost.SOON));
                host.comeBack();
                host.settle();

                boolean stored = crashes > 0;
                String when = "after " + crashes + " commits";
                assertThat(host.node.containers()).as(when).hasSize(stored ? 0 : 1);
                assertThat(host.volumes()).as(when).hasSize(stored ? 0 : 1);
                assertThat(host.services().find(echo.id())).as(when).matches(found -> found.isEmpty() == stored);
            }
        }
        assertThat(crashes).as("commits of a removal").isBetween(5, LIMIT - 1);
    }

    @Test
    void restart_hostDiesAtAnyCommit_restartsOnce() throws InterruptedException {
        int crashes = 0;
        for (boolean died = true; died && crashes < LIMIT; crashes++) {
            try (EchoHost host = new EchoHost("echo:1")) {
                Echo echo = host.services().launch(EchoSpec.builder(host.engine).build());
                host.store().crashAfter(crashes);
                died = dies(host, () -> echo.submitRestart().await(EchoHost.SOON));
                host.comeBack();
                host.settle();

                String when = "after " + crashes + " commits";
                ServiceState state =
                        host.services().find(echo.id()).orElseThrow().state();
                assertThat(state.status()).as(when).isEqualTo(ServiceStatus.RUNNING);
                assertThat(host.orchestrator()
                                .containers()
                                .find(state.containerId().orElseThrow())
                                .orElseThrow()
                                .state()
                                .generation())
                        .as(when)
                        .isEqualTo(crashes > 0 ? 2 : 1);
            }
        }
        assertThat(crashes).as("commits of a restart").isBetween(6, LIMIT - 1);
    }

    private static boolean launchAndDie(EchoHost host, int commits) throws InterruptedException {
        host.store().crashAfter(commits);
        return dies(host, () -> host.services()
                .submit(EchoSpec.builder(host.engine).build())
                .await(EchoHost.SOON));
    }

    /** Runs the action on another thread and tells whether the host died on the way. */
    private static boolean dies(EchoHost host, Runnable action) throws InterruptedException {
        var ended = new CompletableFuture<Boolean>();
        Thread caller = new Thread(() -> {
            try {
                action.run();
                ended.complete(false);
            } catch (OrchestratorException failed) {
                ended.complete(failed.code() == ErrorCode.STORE_UNAVAILABLE);
            }
        });
        caller.setDaemon(true);
        caller.start();
        var unused = ended.whenComplete((result, failure) -> host.store().callerEnded());
        return host.store().awaitCrash();
    }
}
