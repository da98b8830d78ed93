package io.orchestrator.transport.process;

import io.orchestrator.container.TerminalSize;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.Waiter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SortedMap;

/** The way to terminals, which an application has only if it brings pty4j. */
final class Terminals {
    private Terminals() {}

    static boolean areAvailable() {
        try {
            return PtyChild.isLoaded();
        } catch (NoClassDefFoundError missing) {
            return false;
        }
    }

    static Child start(
            Path script, Path directory, SortedMap<String, String> environment, TerminalSize size, Waiter waiter)
            throws IOException {
        try {
            return PtyChild.start(script, directory, environment, size, waiter);
        } catch (NoClassDefFoundError missing) {
            throw new OrchestratorException(
                    ErrorCode.UNSUPPORTED,
                    "a terminal on a dev-process node needs the dependency 'org.jetbrains.pty4j:pty4j'; add it to the"
                            + " application",
                    missing);
        }
    }
}
