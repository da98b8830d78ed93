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
import org.jspecify.annotations.Nullable;
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
    private final BlockingQueue<Slot> writers = new ArrayBlockingQueue<>(1, true);
    private final BlockingQueue<Slot> readers = new ArrayBlockingQueue<>(READERS, true);
    private volatile boolean closed;

    /** A place for a connection, which is made when first needed; used by whoever took it from its queue. */
    private static final class Slot {
        private @Nullable Connection connection;
    }

    private FileConnections(Path file, FileLease lease) {
        this.file = file;
        this.lease = lease;
        writers.add(new Slot());
        for (int i = 0; i < READERS; i++) {
            readers.add(new Slot());
        }
    }

    /** Fails with NoClassDefFoundError if the driver is missing. */
    static void requireDriver() {
        new SQLiteConfig();
    }

    /** Takes over the lease and gives it up when closed. */
    static FileConnections of(Path file, FileLease lease) {
        return new FileConnections(file, lease);
    }

    @Override
    public <T> T read(Work<T> work) throws SQLException {
        return lend(readers, work);
    }

    @Override
    public <T> T write(Work<T> work) throws SQLException {
        return lend(writers, work);
    }

    /** Waits a bounded time for what is lent, then gives the file up. Idempotent. */
    @Override
    public void close() {
        closed = true;
        closeAll(writers, 1);
        closeAll(readers, READERS);
        lease.close();
    }

    private <T> T lend(BlockingQueue<Slot> slots, Work<T> work) throws SQLException {
        Slot slot = take(slots);
        try {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the store of '" + file + "' is closed");
            }
            Connection connection = slot.connection == null ? connect() : slot.connection;
            slot.connection = connection;
            return work.on(connection);
        } finally {
            if (closed || isBroken(slot)) {
                disconnect(slot);
            }
            slots.add(slot);
        }
    }

    private static Slot take(BlockingQueue<Slot> slots) throws SQLException {
        try {
            Slot slot = slots.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            if (slot == null) {
                throw new SQLTimeoutException("no connection to the file was free for " + WAIT_SECONDS + " s");
            }
            return slot;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OrchestratorException(ErrorCode.CANCELLED, "the waiting thread was interrupted", interrupted);
        }
    }

    private static boolean isBroken(Slot slot) {
        try {
            return slot.connection != null && !slot.connection.getAutoCommit();
        } catch (SQLException broken) {
            return true;
        }
    }

    private static void disconnect(Slot slot) {
        try {
            if (slot.connection != null) {
                slot.connection.close();
            }
        } catch (SQLException broken) {
            LOG.warn("a connection could not be closed: {}", SqlFailures.describe(broken));
        } finally {
            slot.connection = null;
        }
    }

    private void closeAll(BlockingQueue<Slot> slots, int count) {
        List<Slot> taken = new ArrayList<>();
        try {
            while (taken.size() < count) {
                // what is free is closed even by an interrupted thread, which cannot wait
                Slot free = slots.poll();
                Slot slot = free == null ? take(slots) : free;
                taken.add(slot);
                disconnect(slot);
            }
        } catch (SQLException | OrchestratorException stillLent) {
            LOG.warn("'{}' was closed while a connection to it was in use", file);
        } finally {
            // whoever still waits gets one and sees that the store is closed
            slots.addAll(taken);
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
