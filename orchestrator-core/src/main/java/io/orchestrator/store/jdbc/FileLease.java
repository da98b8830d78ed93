package io.orchestrator.store.jdbc;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every other process, and every other store of this one, away from a database file: SQLite itself lets them in.
 *
 * <p>Beside the database lie {@code <name>.lock}, which is locked, and {@code <name>.holder}, which says by whom. They are
 * two files because a process loses its lock as soon as it closes any other handle of the locked file, even one it only
 * read from.
 */
final class FileLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileLease.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private static final String UNKNOWN_START = ", start unknown";

    private final Path holderFile;
    private final FileChannel channel;

    private FileLease(Path holderFile, FileChannel channel) {
        this.holderFile = holderFile;
        this.channel = channel;
    }

    /** Takes the lease and creates what is missing of the directory and the file, for the owner's eyes only. */
    static FileLease take(Path file) {
        Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
        Path holderFile = file.resolveSibling(file.getFileName() + ".holder");
        // one at a time in this process: see above why the lock file may not even be opened by a second one
        synchronized (FileLease.class) {
            try {
                Files.createDirectories(file.toAbsolutePath().getParent(), permissions(file, OWNER_ONLY_DIRECTORY));
                String holder = holder(holderFile);
                FileLease lease = isMyself(holder) ? null : lock(lockFile, holderFile);
                if (lease == null) {
                    throw inUse(file, holder);
                }
                return lease.begun(file);
            } catch (IOException failure) {
                throw new OrchestratorException(
                        ErrorCode.STORE_UNAVAILABLE, "cannot open the store '" + file + "': " + failure, failure);
            }
        }
    }

    /** Gives the lease up; idempotent. */
    @Override
    public void close() {
        synchronized (FileLease.class) {
            if (!channel.isOpen()) {
                return;
            }
            try {
                Files.deleteIfExists(holderFile);
                channel.close();
            } catch (IOException failure) {
                LOG.warn("cannot give up the lock beside '{}': {}", holderFile, failure.toString());
            }
        }
    }

    private FileLease begun(Path file) throws IOException {
        try {
            Files.writeString(createIfMissing(holderFile), myself());
            createIfMissing(file);
            return this;
        } catch (IOException failure) {
            close();
            throw failure;
        }
    }

    private static @Nullable FileLease lock(Path lockFile, Path holderFile) throws IOException {
        FileChannel channel = FileChannel.open(createIfMissing(lockFile), StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new FileLease(holderFile, channel);
            }
        } catch (OverlappingFileLockException sameProcess) {
            // another class loader's copy of this class holds it
        }
        channel.close();
        return null;
    }

    private static OrchestratorException inUse(Path file, String holder) {
        return new OrchestratorException(
                ErrorCode.CONFLICT,
                "the store '" + file + "' is in use by " + (holder.isEmpty() ? "an unknown process" : holder)
                        + "; close it there, or give this one another file");
    }

    private static String holder(Path holderFile) throws IOException {
        try {
            return Files.readString(holderFile);
        } catch (NoSuchFileException nobody) {
            return "";
        }
    }

    /** Without its start a process cannot be told from an earlier one with the same id. */
    private static boolean isMyself(String holder) {
        return holder.equals(myself()) && !holder.endsWith(UNKNOWN_START);
    }

    private static String myself() {
        ProcessHandle self = ProcessHandle.current();
        return "process " + self.pid()
                + self.info().startInstant().map(start -> ", started " + start).orElse(UNKNOWN_START);
    }

    private static Path createIfMissing(Path file) throws IOException {
        try {
            return Files.createFile(file, permissions(file, OWNER_ONLY));
        } catch (FileAlreadyExistsException existing) {
            return file;
        }
    }

    /** Where the file system knows no such permissions, the directory's own rules must do. */
    private static FileAttribute<?>[] permissions(Path file, Set<PosixFilePermission> permissions) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
