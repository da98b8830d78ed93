package io.orchestrator.terminal;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.terminal.CloseReason.Code;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The places that sessions take up: from before their exec starts until nothing of them is left. Thread-safe. */
final class OpenSessions {
    private final TerminalLimits limits;
    private final Map<String, LiveTerminalSession> sessions = new LinkedHashMap<>();
    private final Map<String, Integer> placesByOwner = new HashMap<>();
    private int places;
    private boolean closed;

    OpenSessions(TerminalLimits limits) {
        this.limits = limits;
    }

    /** Takes a place or refuses. */
    synchronized void reserve(String owner) {
        if (closed) {
            throw closedNow();
        }
        if (places >= limits.sessions()) {
            throw refused("all " + limits.sessions() + " terminal sessions are in use");
        }
        if (placesByOwner.getOrDefault(owner, 0) >= limits.sessionsPerOwner()) {
            throw refused("all " + limits.sessionsPerOwner() + " terminal sessions of the owner are in use");
        }
        places++;
        placesByOwner.merge(owner, 1, Integer::sum);
    }

    /** Lists a session that has a place; false if the proxy was closed while it was opened. */
    synchronized boolean add(LiveTerminalSession session) {
        sessions.put(session.info().id(), session);
        return !closed;
    }

    synchronized void remove(LiveTerminalSession session) {
        sessions.remove(session.info().id());
        release(session.info().owner());
    }

    /** Gives back the place of a session that never came to be. */
    synchronized void release(String owner) {
        places--;
        placesByOwner.computeIfPresent(owner, (same, count) -> count == 1 ? null : count - 1);
    }

    synchronized List<LiveTerminalSession> list() {
        return List.copyOf(sessions.values());
    }

    /** Refuses every later session. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean empty() {
        return places == 0;
    }

    static TerminalRefusedException closedNow() {
        return new TerminalRefusedException(
                ErrorCode.CLOSED, CloseReason.of(Code.PROXY_CLOSED, "the host is shutting down"), null);
    }

    private static TerminalRefusedException refused(String text) {
        return new TerminalRefusedException(ErrorCode.BUSY, CloseReason.of(Code.LIMIT, text), null);
    }
}
