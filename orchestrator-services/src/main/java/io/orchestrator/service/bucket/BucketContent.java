package io.orchestrator.service.bucket;

import java.io.InputStream;

/**
 * The bytes of an object, or of a range of it, on their way here. Used by one thread; close it to give the connection back.
 */
public interface BucketContent extends AutoCloseable {
    /** The version that is read to the end, whatever happens to the name meanwhile. */
    BucketObject object();

    /** How many bytes the stream has. */
    long length();

    /**
     * The bytes, a small piece of them in memory at a time. Its reads throw {@link
     * io.orchestrator.operation.OrchestratorException}: when nothing arrives for 30 s, when the call's total time is over,
     * when the connection breaks, and at the end if the bytes of a whole object are not those that its tag stands for.
     */
    InputStream stream();

    /** Gives up what was not read. Idempotent. */
    @Override
    void close();
}
