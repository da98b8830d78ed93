package io.orchestrator.transport.process;

import io.orchestrator.container.TerminalSize;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A process that was started for a session.
 *
 * @param process its streams and its end
 * @param terminal whether it has a terminal, and so only one output stream
 * @param resize changes the terminal's size
 */
record Child(Process process, boolean terminal, Consumer<TerminalSize> resize) {
    OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Gives the streams back. */
    void release() {
        try {
            process.getOutputStream().close();
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException alreadyBroken) {
            return;
        }
    }
}
