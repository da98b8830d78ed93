package io.orchestrator.examples.controlplane;

import io.javalin.http.Context;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the parts of a request that several routes share. */
final class Requests {
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
    private static final Pattern BOOLEAN =
            Pattern.compile("true|false|1|0|yes|no|on|off|t|f|y|n", Pattern.CASE_INSENSITIVE);
    private static final Pattern CURSOR = Pattern.compile("[^\\p{Cntrl}]{1,4096}");

    private Requests() {}

    /** The caller's own key for a request that creates something: repeated with it, the request creates nothing more. */
    static Optional<String> idempotencyKey(Context ctx) {
        Optional<String> key = Optional.ofNullable(ctx.header("Idempotency-Key"));
        if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
            throw ApiException.invalid(
                    "string_pattern_mismatch",
                    List.of("header", "Idempotency-Key"),
                    "must be 1 to 255 visible ASCII characters");
        }
        return key;
    }

    /** What a launch answers that was repeated with its key although what it made is gone. */
    static OrchestratorException keyOfARemoved(String what, String id) {
        return new OrchestratorException(
                ErrorCode.CONFLICT, what + " '" + id + "' of this launch was removed; use another key for a new one");
    }

    static int limit(Context ctx) {
        return number(ctx, "limit", Page.MAX_LIMIT, Page.MAX_LIMIT);
    }

    static Optional<String> cursor(Context ctx) {
        Optional<String> cursor = Optional.ofNullable(ctx.queryParam("cursor"));
        if (cursor.isPresent() && !CURSOR.matcher(cursor.get()).matches()) {
            throw ApiException.invalid(
                    "value_error", List.of("query", "cursor"), "must be the cursor of an earlier page");
        }
        return cursor;
    }

    /** A whole number from 1 on in the query. */
    static int number(Context ctx, String name, int otherwise, int most) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        int value = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        if (value < 1 || value > most) {
            throw ApiException.invalid("int_parsing", List.of("query", name), "must be a number from 1 to " + most);
        }
        return value;
    }

    /** Refuses what is no truth value, as the original did. */
    static void checkBoolean(Context ctx, String name) {
        String text = ctx.queryParam(name);
        if (text != null && !BOOLEAN.matcher(text).matches()) {
            throw ApiException.invalid("bool_parsing", List.of("query", name), "must be true or false");
        }
    }

    /** The header that leads from a page of a bare array to the next. */
    static String nextLink(Context ctx, String cursor) {
        return "<" + ctx.path() + "?limit=" + limit(ctx) + "&cursor="
                + URLEncoder.encode(cursor, StandardCharsets.UTF_8) + ">; rel=\"next\"";
    }
}
