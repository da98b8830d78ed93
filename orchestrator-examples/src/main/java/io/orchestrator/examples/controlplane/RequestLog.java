package io.orchestrator.examples.controlplane;

import io.javalin.http.Context;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One line for each request, with the ids that it was about and nothing of what it carried.
 *
 * <p>The ids stand in the logging context of the thread that serves the request, so that every line it logs has them; the
 * filter in front of every route clears that context when the thread is done, even if the answer comes later.
 */
final class RequestLog {
    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
    private static final String IDS = "log-ids";
    private static final List<String> PATH_IDS = List.of("node_id", "container_id", "service_id");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final SecureRandom RANDOM = new SecureRandom();

    private RequestLog() {}

    static String newId() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    static void begin(Context ctx) {
        String id = newId();
        ctx.header("X-Request-Id", id);
        ctx.attribute(IDS, new TreeMap<String, String>());
        note(ctx, "request", id);
    }

    /** Notes the ids in the path of a matched route. */
    static void matched(Context ctx) {
        ctx.pathParamMap().forEach((name, value) -> {
            if (PATH_IDS.contains(name)) {
                note(ctx, name.substring(0, name.length() - "_id".length()), harmless(value));
            }
        });
    }

    static void note(Context ctx, String name, String id) {
        ids(ctx).put(name, id);
        MDC.put(name, id);
    }

    /** Does something for a request on a thread that is not its handler's: what it logs has the request's ids. */
    static void with(Context ctx, Runnable work) {
        with(ids(ctx), work);
    }

    static void with(Map<String, String> ids, Runnable work) {
        MDC.setContextMap(ids);
        try {
            work.run();
        } finally {
            MDC.clear();
        }
    }

    /** Writes the line; may run on another thread than the handler. */
    static void end(Context ctx, String route, float millis) {
        with(ctx, () -> line(ctx.method().name(), route, ctx.statusCode(), Math.round(millis)));
    }

    static void line(String method, String route, int status, long millis) {
        LOG.info("{} {} {} in {} ms", method, route, status, millis);
    }

    private static Map<String, String> ids(Context ctx) {
        Map<String, String> ids = ctx.attribute(IDS);
        // refused before it was begun
        return ids == null ? new TreeMap<>() : ids;
    }

    /** What stands in a path may be anything; a log shows only what can be an id. */
    private static String harmless(String value) {
        return ID.matcher(value).matches() ? value : "(not an id)";
    }
}
