package io.orchestrator.transport.docker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** The status line and the headers that matter, read strictly (RFC 9112): whatever is doubtful is an error. */
final class ResponseHead {
    static final int SWITCHING_PROTOCOLS = 101;

    /** The lengths of {@code connection} and {@code transfer-encoding}, between which are those of all names that matter. */
    private static final int SHORTEST_NAME = 10;

    private static final int LONGEST_NAME = 17;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");
    private static final int MAX_HEAD_BYTES = 65_536;
    private static final int MAX_HEADERS = 200;
    private static final int MAX_INTERIM_ANSWERS = 16;

    private final int status;
    private boolean keepAlive;
    private boolean chunked;
    private long contentLength = -1;
    private String contentType = "";
    private String apiVersion = "";

    private ResponseHead(int status, boolean keepAlive) {
        this.status = status;
        this.keepAlive = keepAlive;
    }

    /** Reads the head of the final answer; interim ones are skipped. */
    static ResponseHead read(Exchange exchange, boolean upgrade) {
        Lines lines = new Lines(exchange, MAX_HEAD_BYTES);
        for (int i = 0; i < MAX_INTERIM_ANSWERS; i++) {
            ResponseHead head = readOne(exchange, lines);
            if (head.status >= 200 || (head.status == SWITCHING_PROTOCOLS && upgrade)) {
                return head;
            }
            if (head.status == SWITCHING_PROTOCOLS) {
                throw exchange.protocolError("the engine switched the protocol unasked");
            }
        }
        throw exchange.protocolError("more than " + MAX_INTERIM_ANSWERS + " interim answers");
    }

    private static ResponseHead readOne(Exchange exchange, Lines lines) {
        String line = lines.next();
        boolean current = line.startsWith("HTTP/1.1 ");
        if ((!current && !line.startsWith("HTTP/1.0 "))
                || line.length() < 12
                || (line.length() > 12 && line.charAt(12) != ' ')) {
            throw exchange.protocolError("the answer is not HTTP/1.1");
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw exchange.protocolError("the answer's status is not a number");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || status > 599) {
            throw exchange.protocolError("the answer's status " + status + " is not 100 to 599");
        }
        ResponseHead head = new ResponseHead(status, current);
        for (int count = 0; ; count++) {
            int length = lines.read();
            if (length == 0) {
                break;
            }
            if (count == MAX_HEADERS) {
                throw exchange.protocolError("the answer has more than " + MAX_HEADERS + " headers");
            }
            head.header(exchange, lines, length);
        }
        if (head.chunked && head.contentLength >= 0) {
            throw exchange.protocolError("the answer has two lengths");
        }
        return head;
    }

    private void header(Exchange exchange, Lines line, int length) {
        int colon = line.indexOf(':', length);
        if (colon <= 0 || line.at(0) == ' ' || line.at(0) == '\t' || line.at(colon - 1) == ' ') {
            throw exchange.protocolError("a header of the answer is malformed");
        }
        if (colon < SHORTEST_NAME || colon > LONGEST_NAME) {
            // one of the dozen that are nothing to us: no text is made of it
            return;
        }
        String value = line.text(colon + 1, length).strip();
        switch (line.text(0, colon).toLowerCase(Locale.ROOT)) {
            case "content-length" -> {
                if (contentLength >= 0 || !DIGITS.matcher(value).matches()) {
                    throw exchange.protocolError("the answer's Content-Length is repeated or not a number");
                }
                contentLength = Long.parseLong(value);
            }
            case "transfer-encoding" -> {
                if (chunked || !value.equalsIgnoreCase("chunked")) {
                    throw exchange.protocolError("the answer's Transfer-Encoding is not 'chunked'");
                }
                chunked = true;
            }
            case "connection" -> keepAlive &= !value.toLowerCase(Locale.ROOT).contains("close");
            case "content-type" -> contentType = value.toLowerCase(Locale.ROOT);
            case "api-version" -> apiVersion = value;
            default -> {}
        }
    }

    int status() {
        return status;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean chunked() {
        return chunked;
    }

    /** The length of the body, -1 if not told. */
    long contentLength() {
        return contentLength;
    }

    boolean hasBody() {
        return status >= 200 && status != 204 && status != 304;
    }

    boolean json() {
        return contentType.equals("application/json") || contentType.startsWith("application/json;");
    }

    String apiVersion() {
        return apiVersion;
    }

    /** Reads lines that end with CR LF, of a limited number of bytes in all. */
    static final class Lines {
        private final Exchange exchange;
        private int budget;
        private byte[] line = new byte[256];

        Lines(Exchange exchange, int maxBytes) {
            this.exchange = exchange;
            this.budget = maxBytes;
        }

        String next() {
            return text(0, read());
        }

        byte at(int index) {
            return line[index];
        }

        int indexOf(char wanted, int length) {
            for (int i = 0; i < length; i++) {
                if (line[i] == wanted) {
                    return i;
                }
            }
            return -1;
        }

        String text(int from, int to) {
            return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
        }

        /** Reads the next line and returns its length; it is there until the next is read. */
        int read() {
            int length = 0;
            while (true) {
                ByteBuffer in = exchange.available();
                if (in == null) {
                    throw exchange.ended();
                }
                while (in.hasRemaining()) {
                    byte octet = in.get();
                    if (--budget < 0) {
                        throw exchange.protocolError("the answer's head or a chunk's is too large");
                    }
                    boolean afterReturn = length > 0 && line[length - 1] == '\r';
                    if (octet == '\n' && afterReturn) {
                        return length - 1;
                    }
                    if (afterReturn || (octet >= 0 && octet < ' ' && octet != '\r' && octet != '\t')) {
                        throw exchange.protocolError("the answer holds a control character where text is due");
                    }
                    if (length == line.length) {
                        line = Arrays.copyOf(line, length * 2);
                    }
                    line[length++] = octet;
                }
            }
        }
    }
}
