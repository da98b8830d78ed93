package io.orchestrator.service.bucket;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Counts and hashes what is read through it. Closing it leaves the stream below open. Used by one thread. */
final class Sha256 extends FilterInputStream {
    private final MessageDigest digest;
    private long count;

    Sha256(InputStream in) {
        super(in);
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "this Java runtime has no SHA-256", missing);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int taken = in.read(into, offset, length);
        if (taken > 0) {
            count += taken;
            digest.update(into, offset, taken);
        }
        return taken;
    }

    @Override
    public long skip(long bytes) throws IOException {
        return bytes <= 0 ? 0 : Math.max(0, read(new byte[(int) Math.min(bytes, 8_192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {}

    long count() {
        return count;
    }

    /** The hash of everything read, in hexadecimal; asked once. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
