package io.orchestrator.operation;

import org.jspecify.annotations.Nullable;

/**
 * The root of every failure this library throws on purpose.
 *
 * <p>Immutable. The message says what failed, for which id, and why; {@link #code()} is for programs.
 */
public class OrchestratorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public OrchestratorException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public OrchestratorException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The machine-readable reason. */
    public final ErrorCode code() {
        return code;
    }

    /** Whether the same call may succeed later without a change by the caller. */
    public final boolean retryable() {
        return code.retryable();
    }

    /** Creates the error for a value outside its limits. */
    public static OrchestratorException invalid(String message) {
        return new OrchestratorException(ErrorCode.INVALID_ARGUMENT, message);
    }

    /** Creates the error for an id that names nothing the caller may see. */
    public static OrchestratorException notFound(String what, String id) {
        return new OrchestratorException(ErrorCode.NOT_FOUND, "no " + what + " '" + id + "'");
    }
}
