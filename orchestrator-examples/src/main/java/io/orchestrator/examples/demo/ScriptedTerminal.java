package io.orchestrator.examples.demo;

import io.orchestrator.terminal.CloseReason;
import io.orchestrator.terminal.TerminalClient;
import io.orchestrator.terminal.TerminalSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The smallest client of a terminal: types one line when it may, and keeps what is shown (a mebibyte at most). */
final class ScriptedTerminal implements TerminalClient {
    private static final int MOST_SHOWN = 1 << 20;

    private final byte[] line;
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private @Nullable TerminalSession session;
    private boolean typed;

    ScriptedTerminal(String line) {
        this.line = line.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public synchronized void opened(TerminalSession opened) {
        session = opened;
        opened.requestOutput(4);
    }

    @Override
    public synchronized void output(ByteBuffer bytes) {
        int room = Math.min(bytes.remaining(), MOST_SHOWN - shown.size());
        byte[] piece = new byte[room];
        bytes.get(piece);
        shown.writeBytes(piece);
        if (session != null) {
            session.requestOutput(1);
        }
    }

    @Override
    public synchronized void requestInput(int messages) {
        if (!typed && session != null) {
            typed = true;
            session.input(ByteBuffer.wrap(line));
        }
    }

    @Override
    public void closed(CloseReason reason) {
        // whoever waits for the end waits for the session's own future
    }

    synchronized String shown() {
        return shown.toString(StandardCharsets.UTF_8);
    }
}
