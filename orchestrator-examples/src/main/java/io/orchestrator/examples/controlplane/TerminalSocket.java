package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.terminal.CloseReason;
import io.orchestrator.terminal.TerminalClient;
import io.orchestrator.terminal.TerminalSession;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one WebSocket to one terminal session, with back-pressure both ways and without a thread of its own.
 *
 * <p>To the client: the session may have {@link #WINDOW} chunks under way; each that was sent asks for one more. From the
 * client: the next frame is only read while the session takes input, so that a client that sends faster than its shell reads
 * is slowed by its own connection. Public because the web server calls it by reflection.
 */
public final class TerminalSocket implements Session.Listener, TerminalClient {
    private static final Logger LOG = LoggerFactory.getLogger(TerminalSocket.class);
    private static final int WINDOW = 4;
    private static final int MAX_FRAME = TerminalSession.MAX_INPUT_BYTES;
    private static final int ABNORMAL = 1011;
    private static final int NOT_A_MESSAGE = 1007;

    private final Host host;
    private final boolean framed;
    private final List<String> banner;
    private final Utf8Pieces text = new Utf8Pieces();

    private @Nullable Session socket;
    private @Nullable TerminalSession terminal;
    private @Nullable ScheduledFuture<?> pings;
    /** How many more messages the session takes. */
    private int permits;
    /** Whether the web server was asked for a frame that has not come yet. */
    private boolean reading;
    /** After the end frames are read and dropped, so that the client's close frame arrives. */
    private boolean ended;

    private boolean gone;
    private long lastHeard = System.nanoTime();

    /** What a socket needs of the route it belongs to. */
    interface Host {
        /** Opens the terminal for this client; runs elsewhere, as it may take a while. */
        void open(TerminalSocket socket);

        Pings pings();

        void closed();
    }

    /**
     * A socket that is about to be opened.
     *
     * @param framed whether the client speaks {@link TerminalRoute#SUBPROTOCOL}; otherwise it is a client of the original
     * @param banner the lines that such a client expects first
     */
    TerminalSocket(Host host, boolean framed, List<String> banner) {
        this.host = host;
        this.framed = framed;
        this.banner = List.copyOf(banner);
    }

    @Override
    public void onWebSocketOpen(Session session) {
        session.setMaxFrameSize(MAX_FRAME);
        session.setAutoFragment(false);
        session.setMaxTextMessageSize(MAX_FRAME);
        session.setMaxBinaryMessageSize(MAX_FRAME);
        session.setIdleTimeout(host.pings().period().multipliedBy(4));
        synchronized (this) {
            socket = session;
            lastHeard = System.nanoTime();
            pings = host.pings().every(this::ping);
        }
        host.open(this);
    }

    @Override
    public void opened(TerminalSession session) {
        boolean late;
        synchronized (this) {
            terminal = session;
            late = gone;
        }
        if (late) {
            session.close();
            return;
        }
        if (!framed) {
            banner.forEach(line -> send(line, Callback.NOOP));
        }
        session.requestOutput(WINDOW);
    }

    @Override
    public void output(ByteBuffer bytes) {
        TerminalSession session = current();
        if (session == null) {
            return;
        }
        Callback sent = Callback.from(() -> taken(session), failure -> session.close());
        if (framed) {
            onSocket(to -> to.sendBinary(bytes, sent));
            return;
        }
        String complete = text.next(bytes);
        if (complete.isEmpty()) {
            session.requestOutput(1);
        } else {
            send(complete, sent);
        }
    }

    @Override
    public void requestInput(int messages) {
        synchronized (this) {
            permits += messages;
        }
        readNext();
    }

    @Override
    public void closed(CloseReason reason) {
        String rest = framed ? "" : text.end();
        if (!rest.isEmpty()) {
            send(rest, Callback.NOOP);
        }
        end(reason.code().webSocketCode(), reason.text());
    }

    /** Ends the connection before or without a session. */
    void refuse(CloseReason reason, String line) {
        if (!framed) {
            send(line, Callback.NOOP);
        }
        end(reason.code().webSocketCode(), reason.text());
    }

    /** Ends the connection because of a failure of ours. */
    void fail() {
        end(ABNORMAL, "the terminal could not be opened");
    }

    @Override
    public void onWebSocketText(String message) {
        if (!framed) {
            input(ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)));
            return;
        }
        heard();
        Optional<TerminalSize> size = Resize.read(message);
        TerminalSession session = current();
        if (size.isEmpty()) {
            end(NOT_A_MESSAGE, "a text frame must be a resize message");
        } else if (session != null) {
            session.resize(size.get());
        }
        readNext();
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        input(payload);
        callback.succeed();
    }

    @Override
    public void onWebSocketPing(ByteBuffer payload) {
        heard();
        ByteBuffer echo = ByteBuffer.allocate(payload.remaining()).put(payload).flip();
        onSocket(to -> to.sendPong(echo, Callback.from(this::readNext, failure -> vanished())));
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        heard();
        readNext();
    }

    @Override
    public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
        vanished();
        host.closed();
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        LOG.debug("a terminal's connection failed", cause);
        vanished();
    }

    private void input(ByteBuffer bytes) {
        heard();
        TerminalSession session;
        synchronized (this) {
            permits--;
            session = ended ? null : terminal;
        }
        if (session != null) {
            session.input(bytes);
        }
        readNext();
    }

    /** A client that takes output is there, however long its answers to pings wait behind that output. */
    private void taken(TerminalSession session) {
        synchronized (this) {
            lastHeard = System.nanoTime();
        }
        session.requestOutput(1);
    }

    private synchronized void heard() {
        reading = false;
        lastHeard = System.nanoTime();
    }

    /** Asks the web server for one frame, if the session takes input and no frame is on its way. */
    private void readNext() {
        Session from;
        synchronized (this) {
            from = socket;
            if (from == null || gone || reading || (permits <= 0 && !ended)) {
                return;
            }
            reading = true;
            lastHeard = System.nanoTime();
        }
        from.demand();
    }

    /** Keeps the connection busy, and ends one whose client answers nothing although it was listened to. */
    private void ping() {
        boolean dead;
        synchronized (this) {
            dead = reading
                    && System.nanoTime() - lastHeard
                            > host.pings().period().multipliedBy(3).toNanos();
        }
        if (dead) {
            vanished();
            onSocket(Session::disconnect);
        } else {
            onSocket(to -> to.sendPing(ByteBuffer.allocate(0), Callback.from(() -> {}, failure -> vanished())));
        }
    }

    private void end(int code, String reason) {
        synchronized (this) {
            ended = true;
        }
        onSocket(to -> to.close(code, reason, Callback.NOOP));
        readNext();
    }

    /** The client is not there any more: the session ends, and the pings. */
    private void vanished() {
        TerminalSession session;
        ScheduledFuture<?> pinging;
        synchronized (this) {
            gone = true;
            session = terminal;
            pinging = pings;
        }
        if (pinging != null) {
            pinging.cancel(false);
        }
        if (session != null) {
            session.close();
        }
    }

    private void send(String line, Callback callback) {
        onSocket(to -> to.sendText(line, callback));
    }

    private interface SocketAction {
        void on(Session session);
    }

    private void onSocket(SocketAction action) {
        Session session;
        synchronized (this) {
            session = socket;
        }
        if (session != null) {
            action.on(session);
        }
    }

    private synchronized @Nullable TerminalSession current() {
        return terminal;
    }

    /** The one control message: {@code {"resize":{"columns":120,"rows":40}}}. */
    private static final class Resize {
        static Optional<TerminalSize> read(String message) {
            JsonNode size = Json.parse(message).path("resize");
            JsonNode columns = size.path("columns");
            JsonNode rows = size.path("rows");
            return columns.isIntegralNumber() && rows.isIntegralNumber()
                    ? Optional.of(TerminalSize.of(clamped(columns), clamped(rows)))
                    : Optional.empty();
        }

        private static int clamped(JsonNode number) {
            return number.canConvertToInt() ? number.intValue() : Integer.MAX_VALUE;
        }
    }
}
