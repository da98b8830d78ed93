package io.orchestrator.transport.docker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One connection to an engine with its buffers. Used by one exchange at a time, which is the only one that may cut it. */
final class EngineSocket {
    private static final int BUFFER_BYTES = 16_384;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final AtomicReference<@Nullable Exchange> user = new AtomicReference<>();
    private long idleSinceNanos;

    private EngineSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** A socket that is not connected yet. */
    static EngineSocket unconnected() throws IOException {
        return new EngineSocket(SocketChannel.open(StandardProtocolFamily.UNIX));
    }

    SocketChannel channel() {
        return channel;
    }

    /** What was received and not yet read, between position and limit. */
    ByteBuffer in() {
        return in;
    }

    ByteBuffer out() {
        return out;
    }

    /** Makes the exchange the one that may cut this socket. */
    void lend(Exchange exchange) {
        user.set(exchange);
    }

    /** Ends the loan; false if it ended before. */
    boolean giveBack(Exchange exchange) {
        return user.compareAndSet(exchange, null);
    }

    /** Closes the socket in the name of whoever uses it. */
    void abort(Exchange.Cut reason) {
        Exchange exchange = user.get();
        if (exchange != null) {
            exchange.cut(reason);
        }
        close();
    }

    void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // the descriptor is gone either way, and there is nobody to tell
        }
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    void idleSince(long nanos) {
        idleSinceNanos = nanos;
    }

    /** Whether the engine still holds its end and sent nothing unasked. */
    boolean alive() {
        if (in.hasRemaining() || !channel.isOpen()) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            in.clear();
            int count = channel.read(in);
            in.flip();
            channel.configureBlocking(true);
            return count == 0;
        } catch (IOException broken) {
            return false;
        }
    }
}
