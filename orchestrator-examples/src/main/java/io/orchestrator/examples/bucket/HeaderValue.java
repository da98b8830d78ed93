package io.orchestrator.examples.bucket;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A header of the form {@code value; name=token; name="quoted"} (RFC 9110 section 5.6.6). In quoted text a backslash only
 * escapes a quote or itself, as browsers send Windows paths unescaped.
 */
final class HeaderValue {
    private final String text;
    private final Map<String, String> parameters = new HashMap<>();
    private int at;

    private HeaderValue(String text) {
        this.text = text;
    }

    static HeaderValue parse(String text) {
        var header = new HeaderValue(text);
        header.at = header.until(";");
        while (header.at < text.length()) {
            header.at++;
            header.parameter();
        }
        return header;
    }

    /** The part before the first parameter, in lower case. */
    String value() {
        int end = text.indexOf(';');
        return (end < 0 ? text : text.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    @Nullable
    String parameter(String name) {
        return parameters.get(name);
    }

    private void parameter() {
        int equals = until("=;");
        String name = text.substring(at, equals).strip().toLowerCase(Locale.ROOT);
        at = equals;
        if (equals == text.length() || text.charAt(equals) == ';') {
            if (name.isEmpty()) {
                return; // a trailing semicolon
            }
            throw HttpFault.badRequest("a header parameter has no value");
        }
        do {
            at++;
        } while (at < text.length() && text.charAt(at) == ' ');
        String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
        if (parameters.put(name, value) != null) {
            throw HttpFault.badRequest("a header parameter is given twice");
        }
    }

    private String token() {
        int end = until(";");
        String token = text.substring(at, end).strip();
        at = end;
        return token;
    }

    private String quoted() {
        var value = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                if (!token().isEmpty()) {
                    throw HttpFault.badRequest("a header parameter goes on after its closing quote");
                }
                return value.toString();
            }
            boolean escaped = c == '\\' && at + 1 < text.length() && "\"\\".indexOf(text.charAt(at + 1)) >= 0;
            value.append(escaped ? text.charAt(++at) : c);
        }
        throw HttpFault.badRequest("a header parameter has no closing quote");
    }

    private int until(String stops) {
        int end = at;
        while (end < text.length() && stops.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }
}
