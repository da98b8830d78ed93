package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code multipart/form-data} (RFC 7578, RFC 2046 section 5.1) as a stream, part by part, in a fixed window.
 *
 * <p>Invariants: {@code window[start, end)} is read but not yet consumed; a part's byte is given out only when it cannot be
 * the beginning of a delimiter, that is, when at least a delimiter's length follows it in the window. The window is seeded
 * with a line break, so that a delimiter at the very beginning looks like any other. A body that ends before the closing
 * delimiter is a fault, never a short part. Not safe for several threads.
 */
final class MultipartReader {
    private static final int WINDOW_BYTES = 32 * 1024;
    private static final int MAX_HEADER_BYTES = 8 * 1024;
    private static final int MAX_SKIPPED_BYTES = 64 * 1024;
    private static final int MAX_PARTS = 32;
    private static final int MAX_BOUNDARY_LENGTH = 70;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] window = new byte[WINDOW_BYTES];
    private int start;
    private int end;
    private int parts;
    private int skippable = MAX_SKIPPED_BYTES;
    private boolean atDelimiter;

    MultipartReader(InputStream in, String boundary) {
        if (boundary.isEmpty() || boundary.length() > MAX_BOUNDARY_LENGTH) {
            throw HttpFault.badRequest("the multipart boundary must have 1 to " + MAX_BOUNDARY_LENGTH + " characters");
        }
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        window[0] = '\r';
        window[1] = '\n';
        end = 2;
    }

    /** Skips what is left of the current part (at first: the preamble) and gives the next part's headers, null at the end. */
    @Nullable
    Map<String, String> next() throws IOException {
        skip();
        int first = take();
        int second = take();
        if (first == '-' && second == '-') {
            return null;
        }
        while (first == ' ' || first == '\t') {
            first = second;
            second = take();
        }
        if (first != '\r' || second != '\n') {
            throw HttpFault.badRequest("a multipart delimiter is followed by other text");
        }
        if (++parts > MAX_PARTS) {
            throw HttpFault.tooLarge("the form has more than " + MAX_PARTS + " parts");
        }
        Map<String, String> headers = headers();
        atDelimiter = false;
        return headers;
    }

    /** Reads bytes of the current part; -1 at its end. */
    int read(byte[] into) throws IOException {
        while (!atDelimiter) {
            int found = find();
            int available = found >= 0 ? found - start : end - start - (delimiter.length - 1);
            if (available > 0) {
                int count = Math.min(available, into.length);
                System.arraycopy(window, start, into, 0, count);
                start += count;
                return count;
            }
            if (found >= 0) {
                start += delimiter.length;
                atDelimiter = true;
            } else {
                fill();
            }
        }
        return -1;
    }

    private void skip() throws IOException {
        byte[] skipped = new byte[1024];
        for (int count = read(skipped); count >= 0; count = read(skipped)) {
            skippable -= count;
            if (skippable < 0) {
                throw HttpFault.tooLarge("the form has more than " + MAX_SKIPPED_BYTES + " bytes besides the file");
            }
        }
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        int budget = MAX_HEADER_BYTES;
        String line = line(budget);
        while (!line.isEmpty()) {
            budget -= line.length() + 2;
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw HttpFault.badRequest("a multipart header has no name");
            }
            String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            if (headers.put(name, line.substring(colon + 1).strip()) != null) {
                throw HttpFault.badRequest("a multipart header is given twice");
            }
            line = line(budget);
        }
        return headers;
    }

    private String line(int budget) throws IOException {
        byte[] line = new byte[Math.max(budget, 0)];
        for (int length = 0; length < line.length; length++) {
            line[length] = (byte) take();
            if (line[length] == '\n' && length > 0 && line[length - 1] == '\r') {
                return Percent.utf8(Arrays.copyOf(line, length - 1));
            }
        }
        throw HttpFault.badRequest("the headers of a multipart part are longer than " + MAX_HEADER_BYTES + " bytes");
    }

    private int take() throws IOException {
        if (start == end) {
            fill();
        }
        return window[start++];
    }

    private int find() {
        for (int at = start; at <= end - delimiter.length; at++) {
            if (window[at] == '\r' && matches(at)) {
                return at;
            }
        }
        return -1;
    }

    private boolean matches(int at) {
        return Arrays.equals(window, at, at + delimiter.length, delimiter, 0, delimiter.length);
    }

    private void fill() throws IOException {
        System.arraycopy(window, start, window, 0, end - start);
        end -= start;
        start = 0;
        int count = in.read(window, end, window.length - end);
        if (count < 0) {
            throw HttpFault.badRequest("the multipart body ends before its closing boundary");
        }
        end += count;
    }
}
