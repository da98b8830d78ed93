package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.security.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** The limits that every text of a specification is held to. */
final class SpecLimits {
    static final int MAX_ITEMS = 1_000;
    static final int MAX_TEXT_BYTES = 131_072;
    /** Half of what Linux takes as arguments and environment; an engine's answers repeat them, escaped. */
    static final int MAX_TOTAL_BYTES = 1 << 20;

    private static final Pattern ENVIRONMENT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,255}");
    private static final Pattern USER =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?");

    private SpecLimits() {}

    /** Refuses a text that is not wholly of the pattern's form; the message shows at most 40 harmless characters of it. */
    static void shape(String what, String value, Pattern pattern) {
        text(what, value, 1_024);
        if (!pattern.matcher(value).matches()) {
            String shown = value.substring(0, Math.min(40, value.length())).replaceAll("[^ -~]", "?");
            throw OrchestratorException.invalid(what + " '" + shown + "' is not of the form " + pattern);
        }
    }

    static void user(String value) {
        shape("user", value, USER);
    }

    static void environment(SortedMap<String, Secret> environment) {
        count("environment", environment.size());
        environment.forEach((variable, value) -> {
            shape("environment name", variable, ENVIRONMENT_NAME);
            text("environment '" + variable + "'", value.reveal(), MAX_TEXT_BYTES);
        });
    }

    /** Refuses a text that is longer than the limit in UTF-8 or holds NUL. */
    static void text(String what, String value, int maxBytes) {
        // characters first: a 10 MB value is refused without encoding it
        if (value.length() > maxBytes || value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw OrchestratorException.invalid(what + " is longer than " + maxBytes + " bytes");
        }
        if (value.indexOf('\0') >= 0) {
            throw OrchestratorException.invalid(what + " holds a NUL character");
        }
    }

    static void list(String what, List<String> values) {
        count(what, values.size());
        values.forEach(value -> text("an item of the " + what, value, MAX_TEXT_BYTES));
    }

    /** Refuses what is short enough text by text but not in sum; each was checked before. */
    static void total(
            List<String> entrypoint,
            List<String> command,
            SortedMap<String, Secret> environment,
            SortedMap<String, String> labels) {
        long bytes = bytes(entrypoint) + bytes(command) + bytes(labels.keySet()) + bytes(labels.values());
        bytes += bytes(environment.keySet());
        for (Secret value : environment.values()) {
            bytes += bytes(value.reveal());
        }
        if (bytes > MAX_TOTAL_BYTES) {
            throw OrchestratorException.invalid("entrypoint, command, environment and labels are " + bytes
                    + " bytes together, more than " + MAX_TOTAL_BYTES + "; pass large inputs as files");
        }
    }

    private static long bytes(Collection<String> texts) {
        return texts.stream().mapToLong(SpecLimits::bytes).sum();
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static void count(String what, int size) {
        if (size > MAX_ITEMS) {
            throw OrchestratorException.invalid(what + " has " + size + " items, more than " + MAX_ITEMS);
        }
    }

    static void path(String what, String value) {
        text(what, value, 4_096);
        if (!value.startsWith("/") || value.contains("/../") || value.endsWith("/..")) {
            throw OrchestratorException.invalid(what + " is not an absolute path without '..'");
        }
    }

    static void range(String what, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw OrchestratorException.invalid(what + " is " + value + ", not " + least + " to " + most);
        }
    }
}
