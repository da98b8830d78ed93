package io.orchestrator.examples.bucket;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.CRC32;

/**
 * The form of an object on disk: its bytes, then a trailer with its metadata. Both are one file so that one rename makes
 * both visible, and so that whoever has opened the file holds one whole version whatever happens to the name.
 *
 * <pre>
 *   bytes | name (UTF-8) | name length: 2 | size: 8 | modified, epoch ms: 8 | SHA-256 of bytes: 32 | CRC-32: 4 | magic: 8
 * </pre>
 *
 * The CRC covers the trailer before it; integers are big-endian.
 */
final class ObjectFile {
    private static final long MAGIC = 0x4f42554b45540001L;
    private static final int HASH_BYTES = 32;
    private static final int FIXED_BYTES = 2 + 8 + 8 + HASH_BYTES + 4 + 8;

    private ObjectFile() {}

    static void writeTrailer(FileChannel file, StoredObject object) throws IOException {
        byte[] name = object.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer trailer = ByteBuffer.allocate(name.length + FIXED_BYTES)
                .put(name)
                .putShort((short) name.length)
                .putLong(object.size())
                .putLong(object.modified().toEpochMilli())
                .put(HexFormat.of().parseHex(object.sha256()));
        trailer.putInt(crc(trailer.array(), trailer.position())).putLong(MAGIC).flip();
        while (trailer.hasRemaining()) {
            file.write(trailer);
        }
    }

    /** Reads and checks the trailer; {@code hash} is the file's name. */
    static StoredObject read(FileChannel file, String hash) throws IOException {
        long length = file.size();
        ByteBuffer fixed = ByteBuffer.wrap(read(file, length - FIXED_BYTES, FIXED_BYTES));
        int nameLength = fixed.getShort();
        long size = fixed.getLong();
        if (nameLength < 1 || nameLength > ObjectName.MAX_BYTES || size != length - FIXED_BYTES - nameLength) {
            throw damaged();
        }
        byte[] bytes = read(file, size, nameLength + FIXED_BYTES);
        ByteBuffer trailer = ByteBuffer.wrap(bytes);
        int crcAt = bytes.length - 12;
        if (trailer.getLong(crcAt + 4) != MAGIC || trailer.getInt(crcAt) != crc(bytes, crcAt)) {
            throw damaged();
        }
        String name = new String(bytes, 0, nameLength, StandardCharsets.UTF_8);
        var modified = Instant.ofEpochMilli(trailer.getLong(nameLength + 10));
        String sha256 = HexFormat.of().formatHex(bytes, crcAt - HASH_BYTES, crcAt);
        if (!Sha256.hex(name.getBytes(StandardCharsets.UTF_8)).equals(hash)) {
            throw damaged();
        }
        return new StoredObject(name, size, modified, sha256);
    }

    private static byte[] read(FileChannel file, long position, int length) throws IOException {
        if (position < 0) {
            throw new EOFException("the file is too short to be an object");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, position + buffer.position()) < 0) {
                throw new EOFException("the file ends inside its trailer");
            }
        }
        return buffer.array();
    }

    private static IOException damaged() {
        return new IOException("its trailer does not match it");
    }

    private static int crc(byte[] bytes, int length) {
        var crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
