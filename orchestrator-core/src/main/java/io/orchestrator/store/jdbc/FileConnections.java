package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Connections to a SQLite file: one that writes and two that read beside it, each waited for in turn.
 *
 * <p>The only class that needs the driver, so that it is missed only where it is used.
 */
final class FileConnections implements Connections {
    private static final Logger LOG = LoggerFactory.getLogger(FileConnections.class);
    private static final int READERS = 2;
    private static final int WAIT_SECONDS = 10;
    private static final int BUSY_MILLIS = 5_000;

    private final Path file;
    private final FileLease lease;
    private final BlockingQueue<Connection> writers = new ArrayBlockingQueue<>(1, true);
    private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS, true);
    private volatile boolean closed;

    private FileConnections(Path file, FileLease lease) {
        this.file = file;
        this.lease = lease;
    }

    /** Fails with NoClassDefFoundError if the driver is missing. */
    static void requireDriver() {
        new SQLiteConfig();
    }

    static FileConnections open(Path file, FileLease lease) throws SQLException {
        FileConnections connections = new FileConnections(file, lease);
        connections.writers.add(connections.connect());
        for (int i = 0; i < READERS; i++) {
            connections.readers.add(connections.connect());
        }
        return connections;
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return lend(readers, work);
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException {
        return lend(writers, work);
    }

    /** Waits a bounded time for what is lent, then gives the file up. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        closeAll(writers, 1);
        closeAll(readers, READERS);
        lease.close();
    }

    private <T> T lend(BlockingQueue<Connection> lane, Work<T> work) throws SQLException {
        Connection connection = take(lane);
        try {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the store of '" + file + "' is closed");
            }
            if (connection.isClosed()) {
                connection = connect();
            }
            return work.on(connection);
        } finally {
            discardIfBroken(connection);
            lane.add(connection);
        }
    }

    private Connection take(BlockingQueue<Connection> lane) throws SQLException {
        try {
            Connection connection = lane.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (connection == null) {
                throw new SQLTimeoutException("no connection to the file was free for " + WAIT_SECONDS + " s");
            }
            return connection;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OrchestratorException(ErrorCode.CANCELLED, "the waiting thread was interrupted", interrupted);
        }
    }

    private static void discardIfBroken(Connection connection) {
        try {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.close();
            }
        } catch (SQLException broken) {
            // a connection that cannot even be closed is as good as closed: its next use says so
        }
    }

    private void closeAll(BlockingQueue<Connection> lane, int count) {
        List<Connection> taken = new ArrayList<>();
        try {
            while (taken.size() < count) {
                Connection connection = take(lane);
                taken.add(connection);
                connection.close();
            }
        } catch (SQLException | OrchestratorException stillLent) {
            LOG.warn("'{}' was closed while a connection was still in use", file);
        } finally {
            // whoever still waits gets one and sees that the store is closed
            lane.addAll(taken);
        }
    }

    private Connection connect() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        // FULL: every commit reaches the disk before it is acknowledged
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setBusyTimeout(BUSY_MILLIS);
        return config.createConnection("jdbc:sqlite:" + file.toUri());
    }
}
