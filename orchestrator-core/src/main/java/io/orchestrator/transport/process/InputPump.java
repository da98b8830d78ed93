package io.orchestrator.transport.process;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes a session's input over from its callers and writes it from a thread of its own: a write to a process that does
 * not read blocks until that process ends, and no caller can wait for that.
 */
final class InputPump {
    private static final int CAPACITY = 65_536;
    private static final int PIECE = 16_384;
    private static final Duration LONG = Duration.ofHours(1);

    private final OutputStream target;
    private final HostRuntime runtime;
    private final Waiter waiter;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<byte[]> queue = new ArrayDeque<>();
    private int queued;
    private boolean inputClosed;
    private boolean ended;

    InputPump(OutputStream target, HostRuntime runtime) {
        this.target = target;
        this.runtime = runtime;
        this.waiter = runtime.waiter();
    }

    /** Blocks until all bytes are queued, so at most 64 KiB are on their way to the process. */
    void write(ByteBuffer bytes, Duration timeout) {
        long begin = runtime.nanoTime();
        while (bytes.hasRemaining()) {
            int size = Math.min(PIECE, bytes.remaining());
            Duration left = timeout.minusNanos(runtime.nanoTime() - begin);
            boolean ready = waiter.await(() -> closed() || room(size), left.isNegative() ? Duration.ZERO : left);
            if (closed()) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the input of the command is closed");
            }
            if (!ready) {
                end();
                throw new OrchestratorException(
                        ErrorCode.DEADLINE_EXCEEDED, "the command did not read its input within " + timeout);
            }
            byte[] piece = new byte[size];
            bytes.get(piece);
            lock.lock();
            try {
                queue.add(piece);
                queued += size;
            } finally {
                lock.unlock();
            }
            waiter.wake();
        }
    }

    /** Lets the process read the end of its input once it has read all before. */
    void closeInput() {
        lock.lock();
        try {
            inputClosed = true;
        } finally {
            lock.unlock();
        }
        waiter.wake();
    }

    /** Drops what is queued and ends the thread, if it is not stuck in a write. */
    void end() {
        lock.lock();
        try {
            ended = true;
            queue.clear();
            queued = 0;
        } finally {
            lock.unlock();
        }
        waiter.wake();
    }

    /** What the thread does. */
    void run() {
        try {
            while (true) {
                waiter.await(this::hasWork, LONG);
                byte[] piece = next();
                if (piece != null) {
                    // from 0 and whole: the terminal's stream gets other offsets wrong
                    target.write(piece);
                    target.flush();
                } else if (closed()) {
                    target.close();
                    return;
                }
            }
        } catch (IOException processEnded) {
            end();
        }
    }

    private boolean hasWork() {
        lock.lock();
        try {
            return !queue.isEmpty() || inputClosed || ended;
        } finally {
            lock.unlock();
        }
    }

    private byte @Nullable [] next() {
        byte[] piece;
        lock.lock();
        try {
            piece = queue.poll();
            queued -= piece == null ? 0 : piece.length;
        } finally {
            lock.unlock();
        }
        waiter.wake();
        return piece;
    }

    private boolean room(int size) {
        lock.lock();
        try {
            return queued + size <= CAPACITY;
        } finally {
            lock.unlock();
        }
    }

    private boolean closed() {
        lock.lock();
        try {
            return inputClosed || ended;
        } finally {
            lock.unlock();
        }
    }
}
