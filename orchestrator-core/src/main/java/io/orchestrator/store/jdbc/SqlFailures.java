package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.Set;

/**
 * What a driver's exception means. Drivers quote statements with their values in messages, and these hold record
 * bodies, so no driver exception becomes a cause, and only messages of kinds that quote nothing are shown.
 */
final class SqlFailures {
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /** Connection, authorization, unknown database, unknown table or wrong statement, resources, object state, operator, system. */
    private static final Set<String> CLASSES_WITHOUT_VALUES = Set.of("08", "28", "3D", "42", "53", "55", "57", "58");

    private SqlFailures() {}

    /** Whether the database rolled the transaction back because of another one, so that trying again helps. */
    static boolean isConflict(SQLException failure) {
        return CONFLICTS.contains(state(failure));
    }

    static OrchestratorException unavailable(SQLException failure) {
        return new OrchestratorException(
                ErrorCode.STORE_UNAVAILABLE, "the store did not answer or refused: " + describe(failure));
    }

    /** What may be said of it. */
    static String describe(SQLException failure) {
        SQLException cause = root(failure);
        String state = state(failure);
        String name = cause.getClass().getSimpleName() + ", SQL state '" + state + "', code " + cause.getErrorCode();
        boolean quotesNothing =
                state.isEmpty() || CLASSES_WITHOUT_VALUES.contains(state.substring(0, Math.min(2, state.length())));
        return quotesNothing && !(cause instanceof BatchUpdateException)
                ? cause.getMessage() + " (" + name + ")"
                : name;
    }

    private static String state(SQLException failure) {
        String state = root(failure).getSQLState();
        return state == null ? "" : state;
    }

    /** A batch's exception wraps the one of its failed statement. */
    private static SQLException root(SQLException failure) {
        if (failure instanceof BatchUpdateException) {
            if (failure.getNextException() != null) {
                return failure.getNextException();
            }
            if (failure.getCause() instanceof SQLException cause) {
                return cause;
            }
        }
        return failure;
    }
}
