package io.orchestrator.testing;

import io.orchestrator.container.OutputChunk;

/** Has nothing to deliver, but a failure is coming. */
enum FailedSource implements ChunkSource {
    INSTANCE;

    @Override
    public boolean hasMore() {
        return false;
    }

    @Override
    public boolean drained() {
        return false;
    }

    @Override
    public OutputChunk take() {
        throw new IllegalStateException("nothing to take");
    }
}
