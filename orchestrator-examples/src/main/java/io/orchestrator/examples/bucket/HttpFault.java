package io.orchestrator.examples.bucket;

import org.jspecify.annotations.Nullable;

/** An answer other than success: its status and the sentence the caller reads as {@code detail}. */
final class HttpFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    HttpFault(int status, String detail) {
        this(status, detail, null);
    }

    /** A fault with something to log; without a cause it is the caller's doing and is not logged. */
    HttpFault(int status, String detail, @Nullable Throwable cause) {
        super(detail, cause, false, cause != null);
        this.status = status;
    }

    static HttpFault badRequest(String detail) {
        return new HttpFault(400, detail);
    }

    static HttpFault invalid(String detail) {
        return new HttpFault(422, detail);
    }

    static HttpFault tooLarge(String detail) {
        return new HttpFault(413, detail);
    }

    static HttpFault notFound() {
        return new HttpFault(404, "File not found in Data folder.");
    }

    int status() {
        return status;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
