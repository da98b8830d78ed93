package io.orchestrator.terminal;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Moves input from the client to the shell, in order; asks the client for the next message once the shell took one. */
final class InputPump {
    /** With 64 KiB a message, 256 KiB are held at most. */
    static final int WINDOW = 4;

    private final TerminalClient client;
    private final Worker worker;
    private final Sink sink;
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
    private int requested;
    private boolean closed;

    /** Where input goes, and what becomes of it. */
    interface Sink {
        /** Writes to the shell; blocks until it took everything. */
        void write(ByteBuffer bytes);

        /** The shell or its node takes no more input. */
        void writeFailed(OrchestratorException failure);

        /** The client did what it must not. */
        void refuse(CloseReason reason);

        /** The client threw from {@link TerminalClient#requestInput}. */
        void clientFailed(RuntimeException thrown);
    }

    InputPump(HostRuntime runtime, TerminalClient client, Sink sink) {
        this.client = client;
        this.sink = sink;
        this.worker = new Worker(runtime, "terminal-input", this::writeOne);
    }

    /** Asks for the first messages. */
    void begin() {
        request(WINDOW);
    }

    void accept(ByteBuffer bytes) {
        if (bytes.remaining() > TerminalSession.MAX_INPUT_BYTES) {
            sink.refuse(CloseReason.of(
                    CloseReason.Code.MESSAGE_TOO_BIG,
                    "a message of " + bytes.remaining() + " bytes is over " + TerminalSession.MAX_INPUT_BYTES));
            return;
        }
        if (!take(bytes)) {
            sink.refuse(CloseReason.of(
                    CloseReason.Code.CLIENT_FLOODED, "the client sent more messages than were requested"));
            return;
        }
        worker.wake();
    }

    /** Drops what waits. */
    synchronized void close() {
        closed = true;
        waiting.clear();
    }

    private synchronized boolean take(ByteBuffer bytes) {
        if (closed) {
            return true;
        }
        if (requested == 0) {
            return false;
        }
        requested--;
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        waiting.add(copy.put(bytes.duplicate()).flip());
        return true;
    }

    private boolean writeOne() {
        ByteBuffer next;
        synchronized (this) {
            next = waiting.poll();
        }
        if (next == null) {
            return false;
        }
        try {
            sink.write(next);
        } catch (OrchestratorException failure) {
            sink.writeFailed(failure);
            return false;
        }
        request(1);
        return true;
    }

    private void request(int messages) {
        synchronized (this) {
            if (closed) {
                return;
            }
            requested += messages;
        }
        try {
            client.requestInput(messages);
        } catch (RuntimeException thrown) {
            sink.clientFailed(thrown);
        }
    }
}
