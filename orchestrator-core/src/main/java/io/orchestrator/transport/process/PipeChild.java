package io.orchestrator.transport.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** Starts processes on pipes. */
final class PipeChild {
    private PipeChild() {}

    /** Runs the script in a session of its own, so that a key pressed at this JVM's terminal does not reach it. */
    static Child start(Path script, Path directory, SortedMap<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        CommandScript.DEFAULT_SIGNALS + "exec setsid $reset /bin/sh \"$1\"",
                        "session",
                        script.toString())
                .directory(directory.toFile());
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        Process process = builder.start();
        return new Child(
                process,
                process.getInputStream(),
                Optional.of(process.getErrorStream()),
                process.getOutputStream(),
                size -> {},
                () -> close(process));
    }

    private static void close(Process process) {
        try {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException alreadyBroken) {
            return;
        }
    }
}
