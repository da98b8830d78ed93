package io.orchestrator.transport.docker;

import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of an engine.
 *
 * @param what named in errors, such as {@code start of 'web-1' on node 'edge-1'}
 * @param method the HTTP method
 * @param path the path below the version, with its query, encoded
 * @param body sent with its length, as JSON
 * @param upload sent in chunks as a tar archive, instead of a body
 * @param changes whether it changes something, so that a lost answer leaves the outcome unknown
 */
@SuppressWarnings("ArrayRecordComponent") // made, sent once and forgotten; nobody compares two of them
record Request(
        String what,
        String method,
        String path,
        byte @Nullable [] body,
        @Nullable InputStream upload,
        boolean changes) {
    static Request get(String what, String path) {
        return new Request(what, "GET", path, null, null, false);
    }

    /** A change without a body. */
    static Request change(String what, String method, String path) {
        return new Request(what, method, path, null, null, true);
    }

    static Request post(String what, String path, byte[] body) {
        return new Request(what, "POST", path, body, null, true);
    }

    /** The same request, whose effect is harmless: after a lost answer it may simply be sent again. */
    Request harmless() {
        return new Request(what, method, path, body, upload, false);
    }

    Request uploading(InputStream tar) {
        return new Request(what, method, path, null, tar, changes);
    }
}
