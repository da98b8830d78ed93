package io.orchestrator.examples.bucket;

/**
 * How much may be stored, in bytes.
 *
 * @param maxIndexBytes the heap that names may occupy, so that a flood of empty objects cannot exhaust memory
 */
record Quota(long maxObjectBytes, long maxTotalBytes, long maxIndexBytes) {
    Quota {
        if (maxObjectBytes < 1 || maxTotalBytes < 1 || maxIndexBytes < 1) {
            throw new IllegalArgumentException("each limit of the bucket must be at least 1 byte");
        }
    }
}
