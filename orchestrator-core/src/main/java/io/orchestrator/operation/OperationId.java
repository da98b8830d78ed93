package io.orchestrator.operation;

/** The id of one operation: unique within the installation, safe in a URL. */
public record OperationId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
