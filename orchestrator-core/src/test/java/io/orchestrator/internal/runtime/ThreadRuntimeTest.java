package io.orchestrator.internal.runtime;

import io.orchestrator.kit.HostRuntimeContract;
import io.orchestrator.spi.HostRuntime;

class ThreadRuntimeTest extends HostRuntimeContract {
    @Override
    protected HostRuntime create() {
        return new ThreadRuntime();
    }

    /** The system's time passes by itself. */
    @Override
    protected void letTimePass(HostRuntime runtime) {}
}
