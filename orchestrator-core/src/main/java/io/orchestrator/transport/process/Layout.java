package io.orchestrator.transport.process;

import io.orchestrator.operation.OrchestratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where things lie: {@code DIR/<installation>/containers/<engine id>}, {@code DIR/<installation>/volumes/<name>}, and
 * {@code DIR/.names/<name>}, as names are unique on the whole node. Immutable.
 */
final class Layout {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,199}");
    private static final Pattern ENGINE_ID = Pattern.compile("[0-9a-f]{32}");

    private final Path directory;
    private final String installation;

    Layout(Path directory, String installation) {
        this.directory = directory;
        this.installation = safe("installation", installation);
    }

    Path directory() {
        return directory;
    }

    String installation() {
        return installation;
    }

    Path names() {
        return directory.resolve(".names");
    }

    Path containers() {
        return directory.resolve(installation).resolve("containers");
    }

    Path volumes() {
        return directory.resolve(installation).resolve("volumes");
    }

    /** The home of one of our containers, whether it exists or not; empty for what is no engine id. */
    Optional<ContainerHome> ours(String engineId) {
        return isEngineId(engineId)
                ? Optional.of(new ContainerHome(containers().resolve(engineId), engineId))
                : Optional.empty();
    }

    /** The home of a container of any installation. */
    Optional<ContainerHome> anyones(String engineId) {
        for (Path each : isEngineId(engineId) ? Disk.entries(directory) : List.<Path>of()) {
            Path home = each.resolve("containers").resolve(engineId);
            if (Files.isDirectory(home)) {
                return Optional.of(new ContainerHome(home, engineId));
            }
        }
        return Optional.empty();
    }

    static boolean isEngineId(String value) {
        return ENGINE_ID.matcher(value).matches();
    }

    /** Refuses a name that could lead out of a directory. */
    static String safe(String what, String value) {
        if (!NAME.matcher(value).matches()) {
            String shown = value.substring(0, Math.min(40, value.length())).replaceAll("[^ -~]", "?");
            throw OrchestratorException.invalid(what + " '" + shown + "' is not of the form " + NAME);
        }
        return value;
    }
}
