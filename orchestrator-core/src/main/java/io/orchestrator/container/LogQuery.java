package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;

/**
 * Which part of a container's output to read.
 *
 * @param tail how many of the last lines, 0 to 1,000,000; -1 for all
 * @param follow whether to go on with what is written later, until the container ends
 */
public record LogQuery(int tail, boolean follow) {
    /** The most lines that can be asked for by number. */
    public static final int MAX_TAIL = 1_000_000;

    public LogQuery {
        if (tail < -1 || tail > MAX_TAIL) {
            throw OrchestratorException.invalid("tail " + tail + " is not -1 to " + MAX_TAIL);
        }
    }

    /** The last lines written so far. */
    public static LogQuery tail(int lines) {
        return new LogQuery(lines, false);
    }

    /** Everything written so far, and what follows. */
    public static LogQuery following() {
        return new LogQuery(-1, true);
    }
}
