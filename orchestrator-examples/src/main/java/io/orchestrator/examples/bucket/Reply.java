package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.HttpExchange;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The forms of answer the service gives. */
final class Reply {
    private static final long CHUNKED = 0;
    private static final long NONE = -1;

    private Reply() {}

    static void json(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = Json.text(body).getBytes(StandardCharsets.UTF_8);
        head(exchange);
        boolean silent = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, silent ? NONE : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            if (!silent) {
                out.write(bytes);
            }
        }
    }

    /** Answers with a list of any length without holding its text in memory. */
    static void stream(HttpExchange exchange, Map<String, ?> body) throws IOException {
        head(exchange);
        exchange.sendResponseHeaders(200, CHUNKED);
        try (var out = new BufferedWriter(
                new OutputStreamWriter(exchange.getResponseBody(), StandardCharsets.UTF_8), 8 * 1024)) {
            Json.write(body, out);
        }
    }

    static void fault(HttpExchange exchange, HttpFault fault) throws IOException {
        // What is left of the request's body is not wanted, so the connection cannot serve another request.
        exchange.getResponseHeaders().set("Connection", "close");
        if (fault.status() == 422) {
            Map<String, ?> error = Map.of("loc", List.of("body"), "msg", fault.detail(), "type", "value_error");
            json(exchange, 422, Map.of("detail", fault.detail(), "errors", List.of(error)));
        } else {
            json(exchange, fault.status(), Map.of("detail", fault.detail()));
        }
    }

    private static void head(HttpExchange exchange) {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    }
}
