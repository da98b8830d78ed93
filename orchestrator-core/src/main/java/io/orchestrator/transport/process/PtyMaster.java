package io.orchestrator.transport.process;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Our side of a terminal, read and written without ever waiting in the kernel.
 *
 * <p>The kernel never wakes a write that waits for a process that does not read, not even when that process is dead and
 * the terminal closed: with pty4j's own streams the thread would be lost. Looking again costs some wake-ups and up to 20 ms
 * for the first byte after a pause.
 */
final class PtyMaster {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int EAGAIN = 11;
    private static final int EINTR = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(20);

    private final LibC libc = Native.load("c", LibC.class);
    // the number of a closed file is given to the next one that is opened: nothing may be in the middle of using it
    private final ReentrantLock lock = new ReentrantLock();
    private final int file;
    private final AutoCloseable closer;
    private final Waiter waiter;
    private boolean closed;

    PtyMaster(int file, AutoCloseable closer, Waiter waiter) throws IOException {
        this.file = file;
        this.closer = closer;
        this.waiter = waiter;
        int flags = libc.fcntl(file, F_GETFL, 0);
        if (flags < 0 || libc.fcntl(file, F_SETFL, flags | O_NONBLOCK) < 0) {
            throw new IOException("a terminal cannot be set up: errno " + Native.getLastError());
        }
    }

    /** To be read by one thread; ends when no process has the terminal open any more. */
    InputStream output() {
        return new InputStream() {
            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                byte[] piece = new byte[length];
                int read = untilPossible(() -> libc.read(file, piece, new NativeLong(length)));
                System.arraycopy(piece, 0, bytes, offset, Math.max(0, read));
                return read;
            }
        };
    }

    /** To be written by one thread, whole arrays only. */
    OutputStream input() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one});
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                byte[] rest = bytes;
                while (rest.length > 0) {
                    byte[] piece = rest;
                    int written = untilPossible(() -> libc.write(file, piece, new NativeLong(piece.length)));
                    if (written < 0) {
                        throw new IOException("the terminal is closed");
                    }
                    rest = Arrays.copyOfRange(rest, written, rest.length);
                }
            }
        };
    }

    /** Wakes who reads or writes, and gives the terminal back. */
    void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                closer.close();
            }
        } catch (Exception alreadyBroken) {
            return;
        } finally {
            lock.unlock();
        }
        waiter.wake();
    }

    /** How many bytes the call moved; -1 at the end. */
    private int untilPossible(Call call) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            int moved;
            int error;
            lock.lock();
            try {
                if (closed) {
                    return -1;
                }
                moved = call.run().intValue();
                error = Native.getLastError();
            } finally {
                lock.unlock();
            }
            if (moved > 0) {
                return moved;
            }
            if (moved == 0 || (error != EAGAIN && error != EINTR)) {
                return -1;
            }
            waiter.await(this::isClosed, pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** A call of the C library. */
    private interface Call {
        NativeLong run();
    }

    /** What is used of the C library: fcntl(2), read(2), write(2). */
    interface LibC extends Library {
        int fcntl(int file, int command, int value);

        NativeLong read(int file, byte[] bytes, NativeLong count);

        NativeLong write(int file, byte[] bytes, NativeLong count);
    }
}
