package io.orchestrator.benchmarks;

/** What was measured did not do what it should have done; its speed means nothing. */
final class IncorrectException extends RuntimeException {
    private static final long serialVersionUID = 1;

    IncorrectException(String message) {
        super(message);
    }

    static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IncorrectException(otherwise);
        }
    }
}
