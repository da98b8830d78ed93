package io.orchestrator.testing;

import java.time.Duration;

/** Known to the engine, which gives it no thread as a container's first process. */
enum IdleProgram implements FakeProgram {
    INSTANCE;

    @Override
    public int run(FakeProcess process) {
        process.sleep(Duration.ofDays(365));
        return 0;
    }
}
