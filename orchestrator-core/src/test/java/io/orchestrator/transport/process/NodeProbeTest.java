package io.orchestrator.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.testing.RuntimeOverlay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Probes while the machine does not answer: the looks at it are held back by the test. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: processes can play containers only on Linux")
final class NodeProbeTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final Queue<Runnable> looks = new ArrayDeque<>();
    private final HostRuntime runtime = new RuntimeOverlay(new ThreadRuntime()) {
        @Override
        public void execute(String role, Runnable task) {
            if (noThreads) {
                throw new Error("planted: unable to create native thread");
            }
            looks.add(task);
        }
    };
    private boolean noThreads;

    @AfterEach
    void closeRuntime() {
        runtime.close();
    }

    @Test
    void report_whileAnEarlierLookHangs_beginsNoOther() {
        NodeProbe probe = probe();
        CompletableFuture<NodeReport> late = probe.report(call(Duration.ofMillis(50)));
        assertThat(late).failsWithin(SOON).withThrowableOfType(ExecutionException.class);

        CompletableFuture<NodeReport> second = probe.report(call(SOON));
        CompletableFuture<NodeReport> third = probe.report(call(SOON));

        assertThat(looks).hasSize(1);
        looks.remove().run();
        assertThat(second).succeedsWithin(SOON);
        assertThat(third).succeedsWithin(SOON);
        assertThat(probe.report(call(SOON))).isNotDone();
        assertThat(looks).as("the next look").hasSize(1);
    }

    @Test
    void report_noThreadIsLeft_failsAndTheNextLooksAgain() {
        NodeProbe probe = probe();
        noThreads = true;
        assertThat(probe.report(call(SOON))).isCompletedExceptionally();
        noThreads = false;

        CompletableFuture<NodeReport> next = probe.report(call(SOON));

        looks.remove().run();
        assertThat(next).succeedsWithin(SOON);
    }

    private NodeProbe probe() {
        return new NodeProbe(new Layout(directory, "test"), runtime, new ProcessTable());
    }

    private CallContext call(Duration timeout) {
        return CallContext.startingNow(runtime::nanoTime, timeout);
    }
}
