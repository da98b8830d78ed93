package io.orchestrator.transport.process;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Holds at most 192 KiB of a session's output between the threads that read it and the one that delivers it. */
final class OutputBuffer {
    private static final int CAPACITY = 196_608;
    private static final Duration LONG = Duration.ofHours(1);

    private final Waiter room;
    private final Runnable changed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<OutputChunk> queue = new ArrayDeque<>();
    private int held;
    private int readers;
    private boolean discarding;

    /** Runs the action whenever there is something new to look at. */
    OutputBuffer(HostRuntime runtime, int readers, Runnable changed) {
        this.room = runtime.waiter();
        this.readers = readers;
        this.changed = changed;
    }

    /** Reads a stream to its end. What comes after {@link #discard} is dropped, so that nothing blocks the process. */
    void readAll(InputStream stream, StreamKind kind) {
        byte[] bytes = new byte[OutputChunk.MAX_BYTES];
        try {
            for (int read = stream.read(bytes); read >= 0; read = stream.read(bytes)) {
                if (read > 0) {
                    add(new OutputChunk(kind, ByteBuffer.wrap(Arrays.copyOf(bytes, read))));
                }
            }
        } catch (IOException ended) {
            // a terminal ends like this
        } finally {
            lock.lock();
            try {
                readers--;
            } finally {
                lock.unlock();
            }
            changed.run();
        }
    }

    private void add(OutputChunk chunk) {
        int size = chunk.bytes().remaining();
        while (!room.await(() -> fits(size), LONG)) {
            // nobody asked for output in an hour: the process waits on
        }
        lock.lock();
        try {
            if (!discarding) {
                queue.add(chunk);
                held += size;
            }
        } finally {
            lock.unlock();
        }
        changed.run();
    }

    private boolean fits(int size) {
        lock.lock();
        try {
            return discarding || held + size <= CAPACITY;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    OutputChunk poll() {
        OutputChunk chunk;
        lock.lock();
        try {
            chunk = queue.poll();
            held -= chunk == null ? 0 : chunk.bytes().remaining();
        } finally {
            lock.unlock();
        }
        room.wake();
        return chunk;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return queue.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether every stream was read to its end. */
    boolean isComplete() {
        lock.lock();
        try {
            return readers == 0;
        } finally {
            lock.unlock();
        }
    }

    void discard() {
        lock.lock();
        try {
            discarding = true;
            queue.clear();
            held = 0;
        } finally {
            lock.unlock();
        }
        room.wake();
    }
}
