package io.orchestrator.container;

import java.time.Duration;

/** A stream of lines that is being followed. Thread-safe. */
public interface LogStream extends AutoCloseable {
    /** Waits until the container's output ended; false if the timeout passed first. Throws what ended the stream early. */
    boolean awaitEnd(Duration timeout);

    /** Ends the stream; idempotent, does not wait. A last line that has no end yet is not told. */
    @Override
    void close();
}
