package io.orchestrator.service.bucket;

import io.orchestrator.operation.OrchestratorException;

/**
 * A part of an object.
 *
 * @param first the first byte, from 0
 * @param last the last byte, included; {@link #END} for all that follow
 */
public record ByteRange(long first, long last) {
    /** Stands for the end of the object, wherever that is. */
    public static final long END = Long.MAX_VALUE;

    private static final long LIMIT = 1_000_000_000_000_000_000L;

    public ByteRange {
        if (first < 0 || first >= LIMIT || last < first || (last != END && last >= LIMIT)) {
            throw OrchestratorException.invalid("bytes " + first + " to " + last + " are not a range");
        }
    }

    public static ByteRange of(long first, long last) {
        return new ByteRange(first, last);
    }

    public static ByteRange from(long first) {
        return new ByteRange(first, END);
    }

    /** As RFC 9110 section 14.2 writes it. */
    String header() {
        return "bytes=" + first + "-" + (last == END ? "" : last);
    }
}
