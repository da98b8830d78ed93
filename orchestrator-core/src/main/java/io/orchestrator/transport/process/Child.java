package io.orchestrator.transport.process;

import io.orchestrator.container.TerminalSize;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * A process that was started for a session.
 *
 * @param process for its end
 * @param output what it writes
 * @param errors its other output stream; empty on a terminal, which has only one
 * @param input what it reads
 * @param resize changes the terminal's size
 * @param release gives the streams back
 */
record Child(
        Process process,
        InputStream output,
        Optional<InputStream> errors,
        OutputStream input,
        Consumer<TerminalSize> resize,
        Runnable release) {
    boolean isAlive() {
        return process.isAlive();
    }

    OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }
}
