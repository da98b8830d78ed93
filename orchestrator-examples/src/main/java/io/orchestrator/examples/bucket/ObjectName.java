package io.orchestrator.examples.bucket;

import java.nio.charset.StandardCharsets;

/**
 * The opaque key of an object: 1 to 1,024 bytes of UTF-8 without control characters. Nothing in it has a meaning, and it
 * never becomes a path: on disk an object lives under {@link #hash()}.
 */
record ObjectName(String value) {
    static final int MAX_BYTES = 1024;

    ObjectName {
        if (value.isEmpty()) {
            throw HttpFault.badRequest("the name is empty");
        }
        if (value.length() > MAX_BYTES || value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw HttpFault.badRequest("the name is longer than " + MAX_BYTES + " bytes");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw HttpFault.badRequest("the name has a control character");
        }
    }

    /** Reads a name from the raw path of a request, percent-decoding it exactly once. */
    static ObjectName ofPath(String raw) {
        return new ObjectName(Percent.decode(raw));
    }

    /** The SHA-256 of the name in hexadecimal: what the file is called. */
    String hash() {
        return Sha256.hex(value.getBytes(StandardCharsets.UTF_8));
    }
}
