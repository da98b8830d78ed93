package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Objects under one directory: {@code objects/<hash of the name>} for whole ones, {@code tmp/} for those on their way in.
 * Safe for any number of threads; one process at a time, which a lock file ensures.
 *
 * <p>An upload is written and fsynced under {@code tmp}, renamed, and the directory fsynced. So a name always shows one
 * whole version, and what a crash leaves in {@code tmp} is removed at the next start.
 */
final class ObjectStore implements AutoCloseable {
    /** An open version of an object; it stays readable and unchanged until closed. */
    record Opened(StoredObject object, FileChannel file) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private static final Logger LOG = System.getLogger(ObjectStore.class.getName());

    private final Path objects;
    private final Path temporaries;
    private final RootLock rootLock;
    private final Quota quota;
    private final Usage usage;
    private final ObjectIndex index;
    // Held across one rename or unlink and the matching change of the index: they must happen in the same order.
    private final ReentrantLock order = new ReentrantLock();

    private ObjectStore(Path root, Quota quota, RootLock rootLock) {
        this.objects = root.resolve("objects");
        this.temporaries = root.resolve("tmp");
        this.rootLock = rootLock;
        this.quota = quota;
        this.usage = new Usage(quota.maxTotalBytes());
        this.index = new ObjectIndex(quota.maxIndexBytes());
    }

    static ObjectStore open(Path root, Quota quota) throws IOException {
        if (!Files.isDirectory(root)) { // createDirectories refuses a link to a directory
            Files.createDirectories(root);
        }
        RootLock lock = RootLock.acquire(root.resolve("lock"));
        try {
            var store = new ObjectStore(root, quota, lock);
            store.recover(root);
            return store;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void recover(Path root) throws IOException {
        Files.createDirectories(objects);
        Files.createDirectories(temporaries);
        sync(root);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(temporaries)) {
            for (Path temporary : left) {
                Files.delete(temporary);
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(objects)) {
            for (Path file : files) {
                adopt(file);
            }
        }
    }

    private void adopt(Path path) {
        StoredObject object;
        try (FileChannel file = openFile(path)) {
            object = ObjectFile.read(file, String.valueOf(path.getFileName()));
        } catch (IOException e) {
            LOG.log(
                    Logger.Level.WARNING,
                    "left alone, because '" + path.getFileName() + "' is not a whole object: " + e.getMessage());
            return;
        }
        if (!index.hasRoomFor(object)) {
            throw new IllegalStateException("the bucket holds more names than fit into " + quota.maxIndexBytes()
                    + " bytes of memory, start it with a larger heap");
        }
        index.put(object);
        usage.adopt(object.size());
    }

    Quota quota() {
        return quota;
    }

    Usage usage() {
        return usage;
    }

    int count() {
        return index.count();
    }

    boolean isPresent() {
        return Files.isDirectory(objects) && Files.isDirectory(temporaries);
    }

    boolean isWritable() {
        return Files.isWritable(objects) && Files.isWritable(temporaries);
    }

    /**
     * Begins an upload.
     *
     * @param announced the length the client announced, -1 if it did not
     */
    Upload upload(ObjectName name, long announced) {
        if (announced > quota.maxObjectBytes()) {
            throw HttpFault.tooLarge("the object is larger than " + quota.maxObjectBytes() + " bytes");
        }
        if (!usage.hasRoomFor(announced)) {
            throw HttpFault.tooLarge("the bucket would exceed its " + quota.maxTotalBytes() + " bytes");
        }
        try {
            return new Upload(this, name, temporaries.resolve(UUID.randomUUID().toString()));
        } catch (IOException e) {
            throw new HttpFault(500, "the data directory takes no file", e);
        }
    }

    void publish(Path temporary, ObjectName name, StoredObject object) throws IOException {
        order.lock();
        try {
            if (!index.hasRoomFor(object)) {
                throw HttpFault.tooLarge("the bucket holds as many names as its memory allows");
            }
            Files.move(temporary, objects.resolve(name.hash()), StandardCopyOption.ATOMIC_MOVE);
            usage.release(index.put(object));
        } finally {
            order.unlock();
        }
    }

    @Nullable
    Opened open(ObjectName name) {
        if (index.find(name.value()) == null) {
            return null;
        }
        String hash = name.hash();
        FileChannel file = null;
        try {
            file = openFile(objects.resolve(hash));
            return new Opened(ObjectFile.read(file, hash), file);
        } catch (NoSuchFileException e) {
            return null; // deleted between the look into the index and the opening
        } catch (IOException e) {
            closeQuietly(file);
            throw new HttpFault(500, "the object is damaged on disk", e);
        }
    }

    boolean delete(ObjectName name) {
        order.lock();
        try {
            if (index.find(name.value()) == null) {
                return false;
            }
            Files.deleteIfExists(objects.resolve(name.hash()));
            usage.release(index.remove(name.value()));
        } catch (IOException e) {
            throw new HttpFault(500, "the object could not be deleted", e);
        } finally {
            order.unlock();
        }
        try {
            syncObjects();
        } catch (IOException e) {
            throw new HttpFault(500, "the object is deleted, but may come back after a crash", e);
        }
        return true;
    }

    ObjectIndex.Page page(String prefix, String after, int limit) {
        return index.page(prefix, after, limit);
    }

    void syncObjects() throws IOException {
        sync(objects);
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static FileChannel openFile(Path path) throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }

    private static void closeQuietly(@Nullable FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.log(Logger.Level.DEBUG, "closing a damaged object failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        rootLock.close();
    }
}
