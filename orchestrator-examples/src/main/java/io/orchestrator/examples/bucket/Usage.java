package io.orchestrator.examples.bucket;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes in the bucket, those of uploads in flight included, so that many uploads at once cannot exceed the limit. */
final class Usage {
    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;

    Usage(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Counts what is on disk already, even above a limit that was lowered since. */
    void adopt(long count) {
        bytes.addAndGet(count);
    }

    void reserve(long count) {
        long now = bytes.addAndGet(count);
        if (now > maxBytes) {
            bytes.addAndGet(-count);
            throw HttpFault.tooLarge("the bucket would exceed its " + maxBytes + " bytes");
        }
    }

    void release(long count) {
        bytes.addAndGet(-count);
    }

    boolean hasRoomFor(long count) {
        return count <= maxBytes - bytes.get();
    }

    long bytes() {
        return bytes.get();
    }
}
