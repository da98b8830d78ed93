package io.orchestrator.transport.process;

import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what only looking can tell, and kills until nothing is left. */
final class TreeKiller {
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(50);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    // one empty look is no proof: a process that is just replacing its program shows no environment
    private static final int EMPTY_LOOKS = 3;

    private final HostRuntime runtime;
    private final ProcessTable processes;

    TreeKiller(HostRuntime runtime, ProcessTable processes) {
        this.runtime = runtime;
        this.processes = processes;
    }

    /** Looks until the condition holds; false after that time, or once the call may not go on. */
    boolean until(CallContext call, Duration atMost, BooleanSupplier condition) {
        Waiter waiter = runtime.waiter();
        Runnable forget = call.onCancel(waiter::wake);
        try {
            long begin = runtime.nanoTime();
            Duration pause = FIRST_PAUSE;
            while (!condition.getAsBoolean()) {
                Duration left = atMost.minusNanos(runtime.nanoTime() - begin);
                if (call.cancelled() || call.expired() || left.isNegative() || left.isZero()) {
                    return false;
                }
                waiter.await(call::cancelled, pause.compareTo(left) < 0 ? pause : left);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
            return true;
        } finally {
            forget.run();
        }
    }

    /** Kills what is found until three times in a row nothing was; false if that took too long. */
    boolean untilNoneIsLeft(CallContext call, Duration atMost, Supplier<List<ProcessTable.Entry>> victims) {
        AtomicInteger empty = new AtomicInteger();
        return until(call, atMost, () -> {
            List<ProcessTable.Entry> found = victims.get();
            found.forEach(processes::kill);
            empty.set(found.isEmpty() ? empty.get() + 1 : 0);
            return empty.get() == EMPTY_LOOKS;
        });
    }
}
