package io.orchestrator.examples.bucket;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/** Says whether the service works; what it found in detail is only for callers with the token. */
final class HealthAction implements Routes.Action {
    private final ObjectStore store;
    private final BearerToken token;

    HealthAction(ObjectStore store, BearerToken token) {
        this.store = store;
        this.token = token;
    }

    @Override
    public void serve(HttpExchange exchange, String rest, Watched watched) throws IOException {
        boolean present = store.isPresent();
        boolean writable = store.isWritable();
        if (!present || !writable) {
            String problem = present ? "not writable" : "missing";
            throw new HttpFault(503, "Service unhealthy: the data directory is " + problem);
        }
        var body = new TreeMap<String, Object>();
        body.put("status", "healthy");
        body.put("service", "bucket-service");
        body.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MICROS).toString());
        body.put("checks", Map.of());
        if (token.matches(exchange.getRequestHeaders().getFirst("Authorization"))) {
            body.put(
                    "checks",
                    new TreeMap<>(Map.of(
                            "data_directory_exists", present,
                            "data_directory_writable", writable,
                            "file_count", store.count())));
        }
        Reply.json(exchange, 200, body);
    }
}
