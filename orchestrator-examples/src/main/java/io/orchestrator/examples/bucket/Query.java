package io.orchestrator.examples.bucket;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a listing is asked for: {@code prefix}, {@code limit} from 1 to 1,000, and {@code cursor} from the page before. */
record Query(String prefix, String after, int limit) {
    static final int MAX_LIMIT = 1000;

    static Query parse(@Nullable String raw) {
        var query = new Query("", "", MAX_LIMIT);
        for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            // In a query, and only there, forms write a space as a plus sign.
            String value =
                    equals < 0 ? "" : Percent.decode(pair.substring(equals + 1).replace('+', ' '));
            query = switch (name) {
                case "prefix" -> new Query(value, query.after, query.limit);
                case "cursor" -> new Query(query.prefix, afterCursor(value), query.limit);
                case "limit" -> new Query(query.prefix, query.after, limit(value));
                default -> query;
            };
        }
        return query;
    }

    static String cursor(StoredObject last) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(last.name().getBytes(StandardCharsets.UTF_8));
    }

    private static String afterCursor(String cursor) {
        try {
            return Percent.utf8(Base64.getUrlDecoder().decode(cursor));
        } catch (IllegalArgumentException | HttpFault e) {
            throw HttpFault.invalid("the cursor is not one that this service gave");
        }
    }

    private static int limit(String text) {
        if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MAX_LIMIT) {
            throw HttpFault.invalid("the limit must be a number from 1 to " + MAX_LIMIT);
        }
        return Integer.parseInt(text);
    }
}
