package io.orchestrator.transport.docker;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The open connections to one engine, of which a few idle ones are kept. Thread-safe; does no blocking I/O. */
final class SocketPool {
    private static final int MAX_IDLE = 8;
    private static final long MAX_IDLE_NANOS = Duration.ofSeconds(60).toNanos();

    private final Deque<EngineSocket> idle = new ArrayDeque<>();
    private final Set<EngineSocket> open = new LinkedHashSet<>();
    private boolean closed;

    /** The connection used last, which is the one most likely to be alive; null if there is none. */
    synchronized @Nullable EngineSocket take(long nowNanos) {
        EngineSocket socket = idle.pollLast();
        if (socket != null && nowNanos - socket.idleSinceNanos() > MAX_IDLE_NANOS) {
            // the others were used even longer ago
            discard(socket);
            dropIdle();
            return null;
        }
        return socket;
    }

    synchronized EngineSocket open() {
        if (closed) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the connection to the node is closed");
        }
        try {
            EngineSocket socket = EngineSocket.unconnected();
            open.add(socket);
            return socket;
        } catch (IOException exhausted) {
            throw new OrchestratorException(ErrorCode.NODE_UNREACHABLE, "no socket can be opened", exhausted);
        }
    }

    synchronized void keep(EngineSocket socket, long nowNanos) {
        if (closed || idle.size() >= MAX_IDLE) {
            discard(socket);
        } else {
            socket.idleSince(nowNanos);
            idle.addLast(socket);
        }
    }

    synchronized void discard(EngineSocket socket) {
        open.remove(socket);
        socket.close();
    }

    /** Forgets the idle connections: the engine behind them is gone or was restarted. */
    synchronized void dropIdle() {
        idle.forEach(this::discard);
        idle.clear();
    }

    void close() {
        List<EngineSocket> toAbort;
        synchronized (this) {
            closed = true;
            toAbort = List.copyOf(open);
            open.clear();
            idle.clear();
        }
        toAbort.forEach(socket -> socket.abort(Exchange.Cut.CLOSED));
    }
}
