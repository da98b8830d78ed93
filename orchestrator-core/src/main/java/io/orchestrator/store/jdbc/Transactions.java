package io.orchestrator.store.jdbc;

import io.orchestrator.operation.OutcomeUnknownException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Predicate;

/** Runs work in a transaction of a connection that is in auto-commit mode. */
final class Transactions {
    private Transactions() {}

    /**
     * Commits if the result deserves it, else rolls back. If even that fails, the transaction stays open, which tells
     * the lender not to use the connection again.
     *
     * @throws OutcomeUnknownException if the connection was lost while committing
     */
    static <T> T run(Connection connection, Predicate<T> deserves, Connections.Work<T> work) throws SQLException {
        boolean ended = false;
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            if (deserves.test(result)) {
                commit(connection);
            } else {
                connection.rollback();
            }
            ended = true;
            return result;
        } finally {
            if (ended || rolledBack(connection)) {
                backToAutoCommit(connection);
            }
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException failure) {
            if (SqlFailures.isConflict(failure)) {
                throw failure;
            }
            throw new OutcomeUnknownException(
                    "the store did not confirm a commit, which may have taken place: read again what it was to write ("
                            + SqlFailures.describe(failure) + ")",
                    null);
        }
    }

    private static boolean rolledBack(Connection connection) {
        try {
            connection.rollback();
            return true;
        } catch (SQLException broken) {
            return false;
        }
    }

    private static void backToAutoCommit(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException broken) {
            // the next borrower finds out; whether this transaction took place is already decided
        }
    }
}
