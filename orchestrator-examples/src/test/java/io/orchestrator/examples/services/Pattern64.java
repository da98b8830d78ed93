package io.orchestrator.examples.services;

import java.io.InputStream;

/** A stream of bytes that follow from their position, never held in memory. */
final class Pattern64 extends InputStream {
    private final long end;
    private long at;

    /** The bytes from {@code first}, included, to {@code end}, excluded. */
    Pattern64(long first, long end) {
        this.at = first;
        this.end = end;
    }

    static byte at(long position) {
        long mixed = position * 0x9E3779B97F4A7C15L;
        return (byte) (mixed >>> 56 ^ position);
    }

    @Override
    public int read() {
        return at < end ? at(at++) & 255 : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        int count = (int) Math.min(length, end - at);
        for (int i = 0; i < count; i++) {
            into[offset + i] = at(at++);
        }
        return count > 0 || length == 0 ? count : -1;
    }
}
