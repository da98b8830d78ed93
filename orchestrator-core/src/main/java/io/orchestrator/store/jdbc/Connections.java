package io.orchestrator.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Lends connections, in auto-commit mode and after a bounded wait. One that comes back in the middle of a transaction is
 * not used again.
 */
interface Connections extends AutoCloseable {
    /** What is done with a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** Lends one that only reads. */
    <T> T read(Work<T> work) throws SQLException;

    <T> T write(Work<T> work) throws SQLException;

    @Override
    void close();
}
