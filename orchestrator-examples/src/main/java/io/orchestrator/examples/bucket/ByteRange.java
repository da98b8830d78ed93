package io.orchestrator.examples.bucket;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A part of an object, both ends included. */
record ByteRange(long first, long last) {
    private static final Pattern SINGLE = Pattern.compile("\\s*bytes\\s*=\\s*(\\d{0,18})\\s*-\\s*(\\d{0,18})\\s*");

    /**
     * Reads a {@code Range} header (RFC 9110 section 14.2). Null means the whole object, which that section allows for what
     * is malformed and for several ranges; a range outside the object is the fault 416.
     */
    static @Nullable ByteRange parse(@Nullable String header, long size) {
        Matcher matcher = SINGLE.matcher(header == null ? "" : header);
        if (!matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
            return null;
        }
        if (matcher.group(1).isEmpty()) {
            long count = Math.min(Long.parseLong(matcher.group(2)), size);
            return satisfiable(size - count, size - 1, size);
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : Long.parseLong(matcher.group(2));
        if (!matcher.group(2).isEmpty() && last < first) {
            return null;
        }
        return satisfiable(first, Math.min(last, size - 1), size);
    }

    private static ByteRange satisfiable(long first, long last, long size) {
        if (first >= size) {
            throw new HttpFault(416, "the range is outside the object's " + size + " bytes");
        }
        return new ByteRange(first, last);
    }

    long length() {
        return last - first + 1;
    }
}
