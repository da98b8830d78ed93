package io.orchestrator.testing;

import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.time.Instant;

/** A correct runtime, to plant a fault into. */
public class RuntimeOverlay implements HostRuntime {
    private final HostRuntime correct;

    public RuntimeOverlay(HostRuntime correct) {
        this.correct = correct;
    }

    @Override
    public Instant now() {
        return correct.now();
    }

    @Override
    public long nanoTime() {
        return correct.nanoTime();
    }

    @Override
    public void randomBytes(byte[] target) {
        correct.randomBytes(target);
    }

    @Override
    public void execute(String role, Runnable task) {
        correct.execute(role, task);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        return correct.schedule(delay, task);
    }

    @Override
    public Waiter waiter() {
        return correct.waiter();
    }

    @Override
    public void close() {
        correct.close();
    }
}
