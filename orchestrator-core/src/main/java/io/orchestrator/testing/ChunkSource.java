package io.orchestrator.testing;

import io.orchestrator.container.OutputChunk;

/** Output that is waiting to be delivered. */
interface ChunkSource {
    /** Whether {@link #take} has something to give. */
    boolean hasMore();

    /** Whether there is nothing and will be nothing. */
    boolean drained();

    /** The next chunk; only when there is more. */
    OutputChunk take();
}
