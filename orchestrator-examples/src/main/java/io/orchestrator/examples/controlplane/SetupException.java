package io.orchestrator.examples.controlplane;

/** Says in one sentence why the server cannot start with these settings. */
final class SetupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SetupException(String message) {
        super(message);
    }

    SetupException(String message, Throwable cause) {
        super(message, cause);
    }
}
