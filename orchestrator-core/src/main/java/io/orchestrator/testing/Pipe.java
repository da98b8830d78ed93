package io.orchestrator.testing;

import io.orchestrator.spi.Waiter;

/** A bounded pipe between processes, or between a process and a session. Thread-safe; see {@link Life} for its locking. */
final class Pipe implements Sink, Source {
    static final int CAPACITY = 65_536;

    private final Waiter waiter;
    private final byte[] ring = new byte[CAPACITY];
    private int start;
    private int size;
    private int writers;
    private boolean ended;
    private boolean discarding;

    Pipe(Waiter waiter) {
        this.waiter = waiter;
    }

    @Override
    public void write(Life writer, byte[] bytes, int offset, int length) {
        int done = 0;
        while (done < length) {
            writer.check();
            int taken = put(bytes, offset + done, length - done);
            done += taken;
            if (taken == 0) {
                writer.await(() -> hasRoom(1), Life.FOREVER);
            }
        }
    }

    @Override
    public int read(Life reader, byte[] target, int offset, int length) {
        while (true) {
            reader.check();
            int taken = take(target, offset, length);
            if (taken != 0) {
                return taken;
            }
            reader.await(() -> available() > 0 || drained(), Life.FOREVER);
        }
    }

    /** Takes over as much as there is room for, without waiting. */
    int put(byte[] bytes, int offset, int length) {
        int taken;
        synchronized (this) {
            if (discarding) {
                return length;
            }
            taken = Math.min(length, CAPACITY - size);
            int end = (start + size) % CAPACITY;
            int first = Math.min(taken, CAPACITY - end);
            System.arraycopy(bytes, offset, ring, end, first);
            System.arraycopy(bytes, offset + first, ring, 0, taken - first);
            size += taken;
        }
        waiter.wake();
        return taken;
    }

    /** Gives what there is, without waiting: 0 if there is nothing yet, -1 if there will be nothing. */
    int take(byte[] target, int offset, int length) {
        int taken;
        synchronized (this) {
            if (size == 0) {
                return ended ? -1 : 0;
            }
            taken = Math.min(length, size);
            int first = Math.min(taken, CAPACITY - start);
            System.arraycopy(ring, start, target, offset, first);
            System.arraycopy(ring, 0, target, offset + first, taken - first);
            start = (start + taken) % CAPACITY;
            size -= taken;
        }
        waiter.wake();
        return taken;
    }

    @Override
    public synchronized void retain() {
        writers++;
    }

    @Override
    public void release() {
        boolean last;
        synchronized (this) {
            last = --writers == 0;
        }
        if (last) {
            end();
        }
    }

    /** Nothing more will be written. */
    void end() {
        synchronized (this) {
            ended = true;
        }
        waiter.wake();
    }

    /** Nobody will read: what is there and what comes is dropped. */
    void discard() {
        synchronized (this) {
            discarding = true;
            size = 0;
        }
        waiter.wake();
    }

    synchronized int available() {
        return size;
    }

    synchronized boolean hasRoom(int bytes) {
        return discarding || CAPACITY - size >= bytes;
    }

    synchronized boolean drained() {
        return ended && size == 0;
    }
}
