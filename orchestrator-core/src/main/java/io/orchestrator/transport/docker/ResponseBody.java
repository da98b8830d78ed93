package io.orchestrator.transport.docker;

import io.orchestrator.operation.OrchestratorException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;

/**
 * The body of an answer, with its framing taken off. A body that ends too early, or is longer than allowed, is an error
 * and never an end. Single-threaded.
 */
final class ResponseBody extends InputStream {
    private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-fA-F]{1,15}");
    private static final int MAX_CHUNK_LINE_BYTES = 512;
    private static final int MAX_TRAILER_BYTES = 8_192;

    /** How the end of a body is known. */
    private enum Framing {
        LENGTH,
        CHUNKED,
        CONNECTION
    }

    private final Exchange exchange;
    private final Framing framing;
    private long remaining;
    private boolean betweenChunks;
    private boolean ended;
    private long allowance = Long.MAX_VALUE;

    ResponseBody(Exchange exchange, ResponseHead head) {
        this.exchange = exchange;
        if (head.status() == ResponseHead.SWITCHING_PROTOCOLS) {
            // no longer HTTP: whatever comes until the connection ends
            framing = Framing.CONNECTION;
            remaining = Long.MAX_VALUE;
        } else if (head.chunked() && head.hasBody()) {
            framing = Framing.CHUNKED;
        } else if (head.contentLength() >= 0 || !head.hasBody()) {
            framing = Framing.LENGTH;
            remaining = head.hasBody() ? head.contentLength() : 0;
            ended = remaining == 0;
        } else {
            framing = Framing.CONNECTION;
            remaining = Long.MAX_VALUE;
        }
    }

    /** Allows that many more bytes to be read. */
    void allow(long bytes) {
        allowance = bytes;
    }

    OrchestratorException protocolError(String why) {
        return exchange.protocolError(why);
    }

    /** Whether all of it was read. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (framing == Framing.CHUNKED && remaining == 0 && !ended) {
            nextChunk();
        }
        if (ended) {
            return -1;
        }
        ByteBuffer in = exchange.available();
        if (in == null) {
            if (framing == Framing.CONNECTION) {
                ended = true;
                return -1;
            }
            throw exchange.ended();
        }
        int count = (int) Math.min(Math.min(length, in.remaining()), remaining);
        if (count > allowance) {
            throw exchange.protocolError("the answer is larger than allowed");
        }
        in.get(target, offset, count);
        allowance -= count;
        if (framing != Framing.CONNECTION) {
            remaining -= count;
            ended = framing == Framing.LENGTH && remaining == 0;
        }
        return count;
    }

    private void nextChunk() {
        ResponseHead.Lines lines = new ResponseHead.Lines(exchange, MAX_CHUNK_LINE_BYTES);
        if (betweenChunks && !lines.next().isEmpty()) {
            throw exchange.protocolError("a chunk of the answer is longer than it says");
        }
        String line = lines.next();
        int extension = line.indexOf(';');
        String size = (extension < 0 ? line : line.substring(0, extension)).strip();
        if (!HEXADECIMAL.matcher(size).matches()) {
            throw exchange.protocolError("a chunk's size is not a hexadecimal number");
        }
        remaining = Long.parseLong(size, 16);
        betweenChunks = true;
        if (remaining == 0) {
            ResponseHead.Lines trailer = new ResponseHead.Lines(exchange, MAX_TRAILER_BYTES);
            while (!trailer.next().isEmpty()) {
                // trailers mean nothing to us
            }
            ended = true;
        }
    }

    /** Reads and forgets the rest if it is short; a connection with a long rest is not worth keeping. */
    void skipShortRest() {
        byte[] scrap = new byte[256];
        for (int i = 0; i < 16 && !ended; i++) {
            if (read(scrap, 0, scrap.length) < 0) {
                return;
            }
        }
    }

    @Override
    public void close() {
        // the exchange owns the connection
    }
}
