package io.orchestrator.transport.process;

import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/** Starts processes on a terminal. The only class that names a type of pty4j: it cannot even be loaded without it. */
final class PtyChild {
    private PtyChild() {}

    static boolean isLoaded() {
        return !PtyProcess.class.getName().isEmpty();
    }

    static Child start(Path script, Path directory, SortedMap<String, String> environment) throws IOException {
        PtyProcess process = new PtyProcessBuilder(new String[] {"/bin/sh", script.toString()})
                .setDirectory(directory.toString())
                .setEnvironment(environment)
                .setRedirectErrorStream(true)
                .start();
        return new Child(process, true, size -> process.setWinSize(new WinSize(size.columns(), size.rows())));
    }
}
