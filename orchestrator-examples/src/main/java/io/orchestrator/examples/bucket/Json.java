package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;

/** Writes maps, iterables, strings, numbers and booleans as JSON (RFC 8259); an iterable is written as it is iterated. */
final class Json {
    private Json() {}

    static String text(Object value) {
        var text = new StringWriter();
        try {
            write(value, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    static void write(Object value, Writer out) throws IOException {
        if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.write(separator);
                string(String.valueOf(entry.getKey()), out);
                out.write(':');
                write(entry.getValue(), out);
                separator = ",";
            }
            out.write(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof Iterable<?> items) {
            out.write('[');
            String separator = "";
            for (Object item : items) {
                out.write(separator);
                write(item, out);
                separator = ",";
            }
            out.write(']');
        } else if (value instanceof Number || value instanceof Boolean) {
            out.write(value.toString());
        } else {
            string(value.toString(), out);
        }
    }

    private static void string(String text, Writer out) throws IOException {
        out.write('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.write('\\');
                out.write(c);
            } else if (c < ' ') {
                out.write(String.format("\\u%04x", (int) c));
            } else {
                out.write(c);
            }
        }
        out.write('"');
    }
}
