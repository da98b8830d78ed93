package io.orchestrator.terminal;

import io.orchestrator.container.TerminalSize;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The adapter of the guide, as it stands there. */
final class SocketTerminal implements TerminalClient {
    /** Chunks that may be on their way to the browser: 128 KiB at most. */
    private static final int AHEAD = 8;

    private final Socket socket;
    private volatile @Nullable TerminalSession session;
    private volatile boolean gone;

    SocketTerminal(Socket socket) {
        this.socket = socket;
    }

    @Override
    public void opened(TerminalSession opened) {
        session = opened;
        if (gone) {
            opened.close();
        }
        opened.requestOutput(AHEAD);
    }

    @Override
    public void output(ByteBuffer bytes) {
        socket.send(bytes, () -> with(open -> open.requestOutput(1)), failure -> with(TerminalSession::close));
    }

    @Override
    public void requestInput(int messages) {
        socket.read(messages);
    }

    @Override
    public void closed(CloseReason reason) {
        socket.close(reason.code().webSocketCode(), reason.text());
    }

    void onBinary(ByteBuffer message) {
        with(open -> open.input(message));
    }

    void onResize(int columns, int rows) {
        with(open -> open.resize(TerminalSize.of(columns, rows)));
    }

    void onClose() {
        gone = true;
        with(TerminalSession::close);
    }

    private void with(Consumer<TerminalSession> action) {
        TerminalSession open = session;
        if (open != null) {
            action.accept(open);
        }
    }
}
