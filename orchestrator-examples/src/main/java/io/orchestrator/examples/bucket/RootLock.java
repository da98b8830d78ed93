package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Keeps a second process away from a data directory: it would sweep the first one's uploads. Ends with the process. */
final class RootLock implements AutoCloseable {
    private final FileChannel file;

    private RootLock(FileChannel file) {
        this.file = file;
    }

    static RootLock acquire(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(file) == null) {
            file.close();
            throw new IOException("another bucket service holds '" + path + "', stop it or choose another DATA_DIR");
        }
        return new RootLock(file);
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
