package io.orchestrator.testing;

/** Says what the fake shell cannot read. */
final class ShellSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ShellSyntaxException(String message) {
        super(message);
    }
}
