package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer on one connection. All I/O of the package goes through here: it blocks, and a timer or a
 * cancel closes the socket under it. The reason is set before the socket is closed, so that whatever exception then
 * surfaces is told as that reason.
 */
final class Exchange {
    /** Why a socket was closed under its user. */
    enum Cut {
        DEADLINE,
        CANCELLED,
        CLOSED
    }

    private static final byte[] CRLF = {'\r', '\n'};

    private final Watchdog watchdog;
    private final SocketPool pool;
    private final EngineSocket socket;
    private final CallContext call;
    private final Request request;
    private volatile @Nullable Cut cut;
    private Runnable forgetCancel = () -> {};
    private boolean sent;
    private boolean streaming;
    private volatile boolean answered;
    private volatile boolean lost;
    private @Nullable Response response;

    Exchange(Watchdog watchdog, SocketPool pool, EngineSocket socket, CallContext call, Request request) {
        this.watchdog = watchdog;
        this.pool = pool;
        this.socket = socket;
        this.call = call;
        this.request = request;
        socket.lend(this);
    }

    Request request() {
        return request;
    }

    /** Begins to watch the deadline and the cancel signal. */
    void arm() {
        call.check(request.what());
        watchdog.watch(this, call);
        forgetCancel = call.onCancel(() -> cut(Cut.CANCELLED));
    }

    /** Lets the exchange go on as a stream without a deadline; a cancel of its call still ends it. */
    void becomeStream() {
        streaming = true;
        watchdog.forget(this);
    }

    /** Ends the exchange from any thread by closing its socket; does nothing once it ended. */
    void cut(Cut reason) {
        if (cut == null) {
            cut = reason;
        }
        if (socket.giveBack(this)) {
            pool.discard(socket);
        }
    }

    void connect(UnixDomainSocketAddress address) {
        try {
            socket.channel().connect(address);
        } catch (IOException failure) {
            lost = true;
            throw failed("cannot connect to '" + address + "'", failure);
        }
    }

    /** Sends the request with the given first part of its path. */
    void send(String pathPrefix, boolean upgrade) {
        StringBuilder head = new StringBuilder(256)
                .append(request.method())
                .append(' ')
                .append(pathPrefix)
                .append(request.path())
                .append(" HTTP/1.1\r\nHost: docker\r\n");
        byte[] body = request.body();
        InputStream upload = request.upload();
        if (upgrade) {
            head.append("Connection: Upgrade\r\nUpgrade: tcp\r\n");
        }
        if (body != null) {
            head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length);
            head.append("\r\n");
        } else if (upload != null) {
            head.append("Content-Type: application/x-tar\r\nTransfer-Encoding: chunked\r\n");
        } else if (request.method().equals("POST")) {
            head.append("Content-Length: 0\r\n");
        }
        ByteBuffer out = socket.out().clear();
        put(out, head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        if (body != null) {
            put(out, body);
        }
        flush(out);
        if (upload != null) {
            sendChunks(upload, out);
        }
        sent = true;
    }

    private void sendChunks(InputStream upload, ByteBuffer out) {
        byte[] chunk = new byte[8_192];
        try {
            for (int count = upload.read(chunk); count >= 0; count = upload.read(chunk)) {
                if (count > 0) {
                    put(out, (Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                    put(out, chunk, count);
                    put(out, CRLF);
                    flush(out);
                }
            }
        } catch (IOException unreadable) {
            throw new OrchestratorException(
                    ErrorCode.INVALID_ARGUMENT, request.what() + ": its input cannot be read", unreadable);
        }
        put(out, "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        flush(out);
    }

    private void put(ByteBuffer out, byte[] bytes) {
        put(out, bytes, bytes.length);
    }

    private void put(ByteBuffer out, byte[] bytes, int length) {
        int done = 0;
        while (done < length) {
            if (!out.hasRemaining()) {
                flush(out);
            }
            int count = Math.min(length - done, out.remaining());
            out.put(bytes, done, count);
            done += count;
        }
    }

    private void flush(ByteBuffer out) {
        write(out.flip());
        out.clear();
    }

    /** Writes all of it. */
    void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                socket.channel().write(bytes);
            }
        } catch (IOException failure) {
            lost = true;
            throw failed("the engine closed the connection", failure);
        }
    }

    /** Ends what the engine can read while its answer goes on. */
    void closeOutput() {
        try {
            socket.channel().shutdownOutput();
        } catch (IOException alreadyClosed) {
            // then the engine reads no more either
        }
    }

    /** Waits for the head of the answer. */
    Response receive(boolean upgrade) {
        Response received = new Response(this, ResponseHead.read(this, upgrade));
        response = received;
        return received;
    }

    /** Received bytes, at least one; null at the end of the connection. */
    @Nullable
    ByteBuffer available() {
        ByteBuffer in = socket.in();
        if (in.hasRemaining()) {
            return in;
        }
        int count = -1;
        in.clear();
        try {
            count = socket.channel().read(in);
        } catch (IOException failure) {
            lost = true;
            throw failed("the engine closed the connection", failure);
        } finally {
            in.flip();
        }
        if (count <= 0) {
            lost = true;
            return null;
        }
        answered = true;
        return in;
    }

    /** The error of an answer that ended too early. */
    OrchestratorException ended() {
        if (!answered || (response == null && request.changes())) {
            return failed("the engine closed the connection before it answered", null);
        }
        return protocolError("the answer is cut off");
    }

    OrchestratorException protocolError(String why) {
        return new OrchestratorException(ErrorCode.PROTOCOL_ERROR, request.what() + ": " + why);
    }

    /** Whether the connection died before a byte of an answer, for no reason of ours. */
    boolean diedUnanswered() {
        return lost && !answered && cut == null;
    }

    /** Whether the connection broke, so that what is known of the engine may no longer hold. */
    boolean lost() {
        return lost;
    }

    /** Gives the connection back if it can serve again, closes it otherwise. Idempotent. */
    void end(long nowNanos) {
        watchdog.forget(this);
        forgetCancel.run();
        if (socket.giveBack(this)) {
            Response received = response;
            if (received != null && received.reusable() && !lost) {
                pool.keep(socket, nowNanos);
            } else {
                pool.discard(socket);
            }
        }
    }

    private OrchestratorException failed(String how, @Nullable IOException cause) {
        Cut reason = cut;
        if (reason == null && cause instanceof ClosedByInterruptException) {
            reason = Cut.CANCELLED;
        }
        // what a stream was asked for has happened: only its bytes can be lost
        boolean changes = request.changes() && !streaming;
        boolean unknown = sent && changes;
        if (reason == null) {
            return unknown
                    ? unknown(how, cause)
                    : new OrchestratorException(ErrorCode.NODE_UNREACHABLE, request.what() + ": " + how, cause);
        }
        String why =
                switch (reason) {
                    case DEADLINE -> "no answer came before the deadline";
                    case CANCELLED -> "it was cancelled after it was sent";
                    case CLOSED -> "the node's connections were closed";
                };
        if (unknown) {
            return unknown(why, cause);
        }
        return switch (reason) {
            case CANCELLED -> new OrchestratorException(ErrorCode.CANCELLED, request.what() + " was cancelled", cause);
            case CLOSED -> new OrchestratorException(ErrorCode.CLOSED, request.what() + ": " + why, cause);
            // a change that was not wholly sent has certainly not happened
            case DEADLINE ->
                new OrchestratorException(
                        changes ? ErrorCode.NODE_UNREACHABLE : ErrorCode.DEADLINE_EXCEEDED,
                        request.what() + " did not end before its deadline",
                        cause);
        };
    }

    private OutcomeUnknownException unknown(String why, @Nullable IOException cause) {
        return new OutcomeUnknownException(
                request.what() + " may or may not have taken effect (" + why + "); inspect it", cause);
    }
}
