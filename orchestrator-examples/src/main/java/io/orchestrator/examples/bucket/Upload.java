package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;

/**
 * An object on its way in: bytes in a temporary file that nobody sees until {@link #commit()}. Closing without a commit
 * leaves nothing. Used by one thread.
 */
final class Upload implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Upload.class.getName());

    private final ObjectStore store;
    private final ObjectName name;
    private final Path temporary;
    private final FileChannel file;
    private final MessageDigest digest = Sha256.digest();
    private long size;
    private boolean committed;

    Upload(ObjectStore store, ObjectName name, Path temporary) throws IOException {
        this.store = store;
        this.name = name;
        this.temporary = temporary;
        this.file = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    void write(byte[] bytes, int length) {
        long maxObjectBytes = store.quota().maxObjectBytes();
        if (length > maxObjectBytes - size) {
            throw HttpFault.tooLarge("the object is larger than " + maxObjectBytes + " bytes");
        }
        store.usage().reserve(length);
        size += length;
        digest.update(bytes, 0, length);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        try {
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
        } catch (IOException e) {
            throw new HttpFault(500, "the object could not be written to the data directory", e);
        }
    }

    /** Makes the object visible as a whole; when this returns it survives a crash of the machine. */
    StoredObject commit() {
        var modified = Instant.ofEpochMilli(System.currentTimeMillis());
        var object =
                new StoredObject(name.value(), size, modified, HexFormat.of().formatHex(digest.digest()));
        try {
            ObjectFile.writeTrailer(file, object);
            file.force(true);
            file.close();
            store.publish(temporary, name, object);
            committed = true;
            store.syncObjects();
        } catch (IOException e) {
            throw new HttpFault(500, "the object could not be stored in the data directory", e);
        }
        return object;
    }

    @Override
    public void close() {
        if (committed) {
            return;
        }
        store.usage().release(size);
        try {
            file.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.log(Logger.Level.WARNING, "a temporary file stays until the next start", e);
        }
    }
}
