package io.orchestrator.examples.bucket;

import java.time.Instant;

/** What is known of one complete version of an object; {@code sha256} is that of its bytes, in hexadecimal. */
record StoredObject(String name, long size, Instant modified, String sha256) {
    /** The strong entity tag (RFC 9110 section 8.8.3): equal tags mean equal bytes. */
    String etag() {
        return '"' + sha256 + '"';
    }

    /** A generous estimate of the heap this entry occupies in the index. */
    long footprint() {
        return 400 + 2L * name.length();
    }
}
