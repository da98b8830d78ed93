package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.StoreLimits;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * A store in a database: PostgreSQL, or a SQLite file for one process.
 *
 * <p>Thread-safe; every verb blocks, no statement for longer than ten seconds. When a commit returns, it is on disk. Every
 * failure of the database is {@link ErrorCode#STORE_UNAVAILABLE}, except that a connection lost at the very commit is an
 * {@link io.orchestrator.operation.OutcomeUnknownException}. A record that cannot be read, such as one written by a newer
 * version, is {@link ErrorCode#PROTOCOL_ERROR} when asked for, and left out of pages with one warning. After
 * {@link #close} every verb throws with {@link ErrorCode#CLOSED}.
 */
public final class JdbcStore implements Store {
    private static final int TRIES = 5;

    private final Connections connections;
    private final RecordReader reader;
    private final RecordWriter writer;
    private final JournalReader journal;
    private volatile boolean closed;

    private JdbcStore(Dialect dialect, Connections connections) {
        RecordRow rows = new RecordRow();
        this.connections = connections;
        reader = new RecordReader(dialect, rows);
        writer = new RecordWriter(dialect, rows);
        journal = new JournalReader(dialect);
    }

    /**
     * Creates a store on PostgreSQL 12 or later, whose tables {@link #migrate(DataSource)} made before.
     *
     * <p>The tables are found by the search path of the connections: two installations in one database need a schema
     * each. READ COMMITTED is enough.
     *
     * @param dataSource a connection pool that waits a bounded time; it stays the caller's to close
     * @throws OrchestratorException {@link ErrorCode#CONFLICT} if the tables are missing or of another version, or if
     *     {@code synchronous_commit} is off, which would lose acknowledged commits
     */
    public static JdbcStore create(DataSource dataSource) {
        Connections connections = new PooledConnections(dataSource);
        inform(connections, connection -> {
            PostgresSettings.check(connection);
            new Schema(Dialect.POSTGRESQL).check(connection);
            return connection;
        });
        return new JdbcStore(Dialect.POSTGRESQL, connections);
    }

    /**
     * Creates the tables in PostgreSQL or brings them to this version. Harmless if they are; waits if another host is
     * doing it.
     *
     * @throws OrchestratorException {@link ErrorCode#CONFLICT} if the tables need a newer release of this library
     */
    public static void migrate(DataSource dataSource) {
        inform(new PooledConnections(dataSource), connection -> {
            PostgresSettings.checkProduct(connection);
            new Schema(Dialect.POSTGRESQL).migrate(connection);
            return connection;
        });
    }

    /**
     * Opens or creates a store in a SQLite file, for this process alone, and brings its tables to this version.
     *
     * <p>Beside the file lie others that begin with its name. All of them, and the directory if it is missing, are made
     * for the user of this process alone.
     *
     * @throws OrchestratorException {@link ErrorCode#UNSUPPORTED} if the SQLite driver is missing,
     *     {@link ErrorCode#CONFLICT} if another store has the file open (the message says which process) or its tables
     *     need a newer release
     */
    public static JdbcStore file(Path file) {
        requireSqlite();
        Path absolute = file.toAbsolutePath().normalize();
        FileConnections connections = FileConnections.of(absolute, FileLease.take(absolute));
        boolean usable = false;
        try {
            inform(connections, connection -> {
                new Schema(Dialect.SQLITE).migrate(connection);
                return connection;
            });
            usable = true;
            return new JdbcStore(Dialect.SQLITE, connections);
        } finally {
            if (!usable) {
                connections.close();
            }
        }
    }

    @Override
    public CommitResult commit(Commit commit) {
        StoreLimits.check(commit);
        requireOpen();
        for (int tried = 1; ; tried++) {
            try {
                return connections.write(connection -> writer.write(connection, commit));
            } catch (SQLException failure) {
                if (!SqlFailures.isConflict(failure) || tried == TRIES) {
                    throw SqlFailures.unavailable(failure);
                }
            }
        }
    }

    @Override
    public Optional<ResourceRecord> find(RecordKey key) {
        StoreLimits.check(key);
        return read(connection -> reader.find(connection, key));
    }

    @Override
    public Optional<ResourceRecord> findByUniqueKey(String uniqueKey) {
        StoreLimits.checkUniqueKey(uniqueKey);
        return read(connection -> reader.findByUniqueKey(connection, uniqueKey));
    }

    @Override
    public Page<ResourceRecord> page(RecordQuery query) {
        StoreLimits.check(query);
        return read(connection -> reader.page(connection, query));
    }

    @Override
    public List<JournalEntry> journal(long after, int limit) {
        StoreLimits.checkJournalLimit(limit);
        return read(connection -> journal.after(connection, after, limit));
    }

    @Override
    public void close() {
        closed = true;
        connections.close();
    }

    private <T> T read(Connections.Work<T> work) {
        requireOpen();
        try {
            return connections.read(work);
        } catch (SQLException failure) {
            throw SqlFailures.unavailable(failure);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the store is closed");
        }
    }

    private static <T> void inform(Connections connections, Connections.Work<T> work) {
        try {
            connections.write(work);
        } catch (SQLException failure) {
            throw SqlFailures.unavailable(failure);
        }
    }

    private static void requireSqlite() {
        try {
            FileConnections.requireDriver();
        } catch (NoClassDefFoundError missing) {
            throw new OrchestratorException(
                    ErrorCode.UNSUPPORTED,
                    "a store in a file needs the SQLite driver: add 'org.xerial:sqlite-jdbc' to the dependencies",
                    missing);
        }
    }
}
