package io.orchestrator.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of the host's data source: its pool bounds how many there are and how long one is waited for. */
final class PooledConnections implements Connections {
    private static final Logger LOG = LoggerFactory.getLogger(PooledConnections.class);

    /** A server that vanished without a word is noticed when the statement's own timeout had no effect. */
    private static final int NETWORK_TIMEOUT_MILLIS = (Dialect.STATEMENT_SECONDS + 5) * 1000;

    private final DataSource dataSource;

    PooledConnections(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return write(work);
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            boolean autoCommit = connection.getAutoCommit();
            int networkTimeout = connection.getNetworkTimeout();
            connection.setAutoCommit(true);
            connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
            T result = work.on(connection);
            restore(connection, autoCommit, networkTimeout);
            return result;
        } finally {
            giveBack(connection);
        }
    }

    /** The host's data source stays open. */
    @Override
    public void close() {}

    /** Throws nothing: whether the work was done is decided by now. */
    private static void restore(Connection connection, boolean autoCommit, int networkTimeout) {
        try {
            connection.setNetworkTimeout(Runnable::run, networkTimeout);
            connection.setAutoCommit(autoCommit);
        } catch (SQLException broken) {
            LOG.debug("a connection could not be given back as it was: {}", SqlFailures.describe(broken));
        }
    }

    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException broken) {
            LOG.debug("a connection could not be closed: {}", SqlFailures.describe(broken));
        }
    }
}
