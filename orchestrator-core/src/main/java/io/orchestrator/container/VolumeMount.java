package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;
import java.util.regex.Pattern;

/**
 * A named volume inside a container. The volume belongs to the container's owner and lives on the container's node.
 *
 * @param volume 1 to 63 characters of {@code [a-z0-9_.-]}, beginning with a letter or digit
 * @param path absolute path inside the container
 * @param readOnly whether the container may only read
 */
public record VolumeMount(String volume, String path, boolean readOnly) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}");

    public VolumeMount {
        if (volume.length() > 63 || !SHAPE.matcher(volume).matches()) {
            throw OrchestratorException.invalid("a volume's name is not 1 to 63 characters of [a-z0-9_.-]");
        }
        SpecLimits.path("path of volume '" + volume + "'", path);
    }
}
