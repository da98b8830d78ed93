package io.orchestrator.transport.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;

/** Starts processes on pipes. */
final class PipeChild {
    private PipeChild() {}

    /** Runs the script in a session of its own, so that a key pressed at this JVM's terminal does not reach it. */
    static Child start(Path script, Path directory, SortedMap<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", "-c", "exec setsid /bin/sh \"$1\"", "session", script.toString())
                .directory(directory.toFile());
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        return new Child(builder.start(), false, size -> {});
    }
}
