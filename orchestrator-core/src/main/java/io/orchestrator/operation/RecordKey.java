package io.orchestrator.operation;

/**
 * The key of a record.
 *
 * @param kind the record's kind, such as {@code container}: 1 to 32 characters of {@code [a-z-]}
 * @param id unique within the kind: 1 to 128 characters
 */
public record RecordKey(String kind, String id) {
    public RecordKey {
        if (!kind.matches("[a-z-]{1,32}")) {
            throw OrchestratorException.invalid("record kind '" + kind + "' is not 1 to 32 characters of [a-z-]");
        }
        if (id.isEmpty() || id.length() > 128) {
            throw OrchestratorException.invalid("record id of " + id.length() + " characters is not 1 to 128 long");
        }
    }

    @Override
    public String toString() {
        return kind + "/" + id;
    }
}
