package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.kit.HostRuntimeContract;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SettableRuntimeTest extends HostRuntimeContract {
    @Override
    protected HostRuntime create() {
        return SettableRuntime.create();
    }

    @Override
    protected void letTimePass(HostRuntime runtime) {
        ((SettableRuntime) runtime).advance(Duration.ofMillis(1));
    }

    @Test
    void advance_nothingElse_movesBothClocksAlike() {
        try (SettableRuntime runtime = SettableRuntime.create()) {
            Instant begin = runtime.now();
            long nanos = runtime.nanoTime();

            runtime.advance(Duration.ofDays(40));

            assertThat(runtime.now()).isEqualTo(begin.plus(Duration.ofDays(40)));
            assertThat(Duration.ofNanos(runtime.nanoTime() - nanos)).isEqualTo(Duration.ofDays(40));
        }
    }

    @Test
    void advance_overScheduledTasks_runsEachAtItsOwnTime() {
        try (SettableRuntime runtime = SettableRuntime.create()) {
            Instant begin = runtime.now();
            List<Duration> ran = new ArrayList<>();
            Runnable note = () -> ran.add(Duration.between(begin, runtime.now()));
            Runnable forget = runtime.schedule(Duration.ofSeconds(10), () -> {
                note.run();
                Runnable ignored = runtime.schedule(Duration.ofSeconds(5), note);
            });

            runtime.advance(Duration.ofSeconds(9));
            assertThat(ran).isEmpty();
            runtime.advance(Duration.ofSeconds(60));

            assertThat(ran).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(15));
            forget.run();
        }
    }

    @Test
    void advance_lessThanTheTimeout_leavesTheWaiterWaiting() throws Exception {
        try (SettableRuntime runtime = SettableRuntime.create()) {
            Waiter waiter = runtime.waiter();
            CompletableFuture<Boolean> held = new CompletableFuture<>();
            runtime.execute("test", () -> held.complete(waiter.await(() -> false, Duration.ofHours(1))));
            while (runtime.waiting() == 0) {
                Thread.onSpinWait();
            }

            runtime.advance(Duration.ofMinutes(59));
            assertThat(runtime.waiting()).isEqualTo(1);
            assertThat(held).isNotDone();
            runtime.advance(Duration.ofMinutes(1));

            assertThat(held.get(30, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void randomBytes_sameSeed_areTheSame() {
        byte[] first = new byte[16];
        byte[] second = new byte[16];
        byte[] third = new byte[16];
        try (SettableRuntime one = SettableRuntime.create(7);
                SettableRuntime two = SettableRuntime.create(7);
                SettableRuntime other = SettableRuntime.create(8)) {
            one.randomBytes(first);
            two.randomBytes(second);
            other.randomBytes(third);
        }

        assertThat(first).isEqualTo(second).isNotEqualTo(third);
    }
}
