package io.orchestrator.operation;

/** Says that a unique key is held by another record. Its own type because callers choose another key or use the holder. */
public final class UniqueKeyException extends OrchestratorException {
    private static final long serialVersionUID = 1L;

    private final String uniqueKey;

    public UniqueKeyException(String uniqueKey) {
        super(ErrorCode.CONFLICT, "'" + uniqueKey + "' is in use");
        this.uniqueKey = uniqueKey;
    }

    /** The key that is taken. */
    public String uniqueKey() {
        return uniqueKey;
    }
}
