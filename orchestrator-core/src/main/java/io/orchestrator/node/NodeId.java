package io.orchestrator.node;

import io.orchestrator.operation.OrchestratorException;
import java.util.regex.Pattern;

/**
 * The name of a node, chosen by whoever registers it.
 *
 * @param value 1 to 63 characters of {@code [A-Za-z0-9._-]}, beginning with a letter or a digit
 */
public record NodeId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public NodeId {
        if (value.length() > 63 || !SHAPE.matcher(value).matches()) {
            throw OrchestratorException.invalid("node id of " + value.length()
                    + " characters is not 1 to 63 of [A-Za-z0-9._-] after a letter or digit");
        }
    }

    public static NodeId of(String value) {
        return new NodeId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
