package io.orchestrator.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The floor: bytes out and bytes in on one kept connection, without deadline, limits or parsing beyond finding the end of
 * an answer. Not thread-safe.
 */
final class RawEngine implements AutoCloseable {
    private static final String VERSION = "/v1.41";
    private static final byte[] HEAD_END = ascii("\r\n\r\n");
    private static final byte[] CHUNKED_END = ascii("\r\n0\r\n\r\n");
    private static final byte[] LENGTH = ascii("Content-Length: ");
    private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked");
    private static final int MAX_ANSWER = 4 << 20;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(MAX_ANSWER);
    private int bodyStart;

    RawEngine(URI engine) {
        try {
            channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            channel.connect(UnixDomainSocketAddress.of(engine.getPath()));
        } catch (IOException failure) {
            throw new UncheckedIOException("no engine answers at '" + engine + "'", failure);
        }
    }

    static ByteBuffer request(String method, String path, byte[] body) {
        String head = method + " " + (path.equals("/_ping") ? path : VERSION + path) + " HTTP/1.1\r\nHost: docker\r\n"
                + (body.length > 0 ? "Content-Type: application/json\r\n" : "")
                + (method.equals("GET") ? "" : "Content-Length: " + body.length + "\r\n") + "\r\n";
        byte[] bytes = ascii(head);
        return ByteBuffer.allocateDirect(bytes.length + body.length)
                .put(bytes)
                .put(body)
                .flip();
    }

    static ByteBuffer request(String method, String path) {
        return request(method, path, new byte[0]);
    }

    /** Sends a request, reads its answer to the end, and returns the status. The request can be sent again. */
    int exchange(ByteBuffer request) {
        try {
            request.rewind();
            while (request.hasRemaining()) {
                channel.write(request);
            }
            in.clear();
            bodyStart = -1;
            do {
                if (channel.read(in) <= 0) {
                    throw new IncorrectException("the engine closed a raw connection or sent more than 4 MiB");
                }
            } while (!complete());
            return (in.get(9) - '0') * 100 + (in.get(10) - '0') * 10 + in.get(11) - '0';
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The bytes of the last answer's body; with the sizes of its chunks if it came in chunks. */
    String body() {
        byte[] bytes = new byte[in.position() - bodyStart];
        in.get(bodyStart, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The last answer's body as JSON text, whether it came in chunks or not. */
    String json() {
        String raw = body();
        if (find(CHUNKED, bodyStart) < 0) {
            return raw;
        }
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        StringBuilder whole = new StringBuilder(raw.length());
        int at = 0;
        while (true) {
            int lineEnd = at;
            while (bytes[lineEnd] != '\r') {
                lineEnd++;
            }
            int size = Integer.parseInt(new String(bytes, at, lineEnd - at, StandardCharsets.US_ASCII), 16);
            if (size == 0) {
                return whole.toString();
            }
            // the texts asked for here are ASCII, so a chunk never ends within a character
            whole.append(new String(bytes, lineEnd + 2, size, StandardCharsets.UTF_8));
            at = lineEnd + 2 + size + 2;
        }
    }

    private boolean complete() {
        if (bodyStart < 0) {
            int end = find(HEAD_END, in.position());
            if (end < 0) {
                return false;
            }
            bodyStart = end + HEAD_END.length;
        }
        int length = find(LENGTH, bodyStart);
        if (length >= 0) {
            int size = 0;
            for (int i = length + LENGTH.length; in.get(i) != '\r'; i++) {
                size = size * 10 + in.get(i) - '0';
            }
            return in.position() - bodyStart >= size;
        }
        if (find(CHUNKED, bodyStart) >= 0) {
            return endsWith(CHUNKED_END);
        }
        return true;
    }

    private int find(byte[] wanted, int limit) {
        for (int start = 0; start + wanted.length <= limit; start++) {
            int matched = 0;
            while (matched < wanted.length && in.get(start + matched) == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return start;
            }
        }
        return -1;
    }

    private boolean endsWith(byte[] wanted) {
        int start = in.position() - wanted.length;
        for (int i = 0; i < wanted.length; i++) {
            if (start < 0 || in.get(start + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException alreadyBroken) {
            // nothing more can be done about it
        }
    }
}
