package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;

/** Says that a stored record cannot be understood; names it, but shows nothing of what it holds. */
final class CorruptRecordException extends OrchestratorException {
    private static final long serialVersionUID = 1L;

    CorruptRecordException(String kind, String id, String what) {
        super(
                ErrorCode.PROTOCOL_ERROR,
                "record '" + kind + "/" + id + "' cannot be read: its " + what
                        + " is damaged or was written by a newer version");
    }
}
