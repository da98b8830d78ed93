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
 * <p>The ids stand in the logging context of the thread that serves the request, so that every line it logs has them.
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
        MDC.clear();
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
        Map<String, String> ids = ctx.attribute(IDS);
        if (ids != null) {
            ids.put(name, id);
        }
        MDC.put(name, id);
    }

    /** Writes the line; may run on another thread than the handler. */
    static void end(Context ctx, String route, float millis) {
        Map<String, String> ids = ctx.attribute(IDS);
        MDC.clear();
        if (ids != null) {
            ids.forEach(MDC::put);
        }
        LOG.info("{} {} {} in {} ms", ctx.method().name(), route, ctx.statusCode(), Math.round(millis));
        MDC.clear();
    }

    /** What stands in a path may be anything; a log shows only what can be an id. */
    private static String harmless(String value) {
        return ID.matcher(value).matches() ? value : "(not an id)";
    }
}
