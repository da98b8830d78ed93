package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;
import java.util.regex.Pattern;

/**
 * The id of a container: given by the library, unique within the installation, sorted by time of launch, safe in URLs.
 *
 * @param value 26 characters of {@code [0-9a-z]}
 */
public record ContainerId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[0-9a-z]{26}");

    public ContainerId {
        if (value.length() != 26 || !SHAPE.matcher(value).matches()) {
            throw OrchestratorException.invalid(
                    "container id of " + value.length() + " characters is not 26 of [0-9a-z]");
        }
    }

    public static ContainerId of(String value) {
        return new ContainerId(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
