package io.orchestrator.container;

import java.nio.ByteBuffer;

/**
 * A piece of output: 1 to 16,384 bytes. The receiver owns the buffer.
 *
 * @param stream where it came from
 * @param bytes the bytes between position and limit
 */
public record OutputChunk(StreamKind stream, ByteBuffer bytes) {
    /** The most bytes that one chunk holds. */
    public static final int MAX_BYTES = 16_384;
}
