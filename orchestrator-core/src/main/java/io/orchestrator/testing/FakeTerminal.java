package io.orchestrator.testing;

import io.orchestrator.container.TerminalSize;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A terminal in line mode: what is typed is echoed and handed over by the line, Ctrl-D ends the input, Ctrl-C interrupts
 * the first process. No editing and no raw mode.
 */
final class FakeTerminal implements Sink {
    private static final int CONTROL_C = 3;
    private static final int CONTROL_D = 4;
    private static final int LONGEST_LINE = 4_096;

    private final Pipe input;
    private final Pipe output;
    private final Runnable interrupt;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private TerminalSize size;

    FakeTerminal(Pipe input, Pipe output, Runnable interrupt, TerminalSize size) {
        this.input = input;
        this.output = output;
        this.interrupt = interrupt;
        this.size = size;
    }

    synchronized TerminalSize size() {
        return size;
    }

    synchronized void resize(TerminalSize wanted) {
        size = wanted;
    }

    /** Whether a line that is ended now can be handed over. */
    boolean hasRoom() {
        return input.hasRoom(LONGEST_LINE);
    }

    /** Takes one typed byte; false if a line has no room now and the byte must be typed again. */
    boolean type(byte typed) {
        byte[] ready;
        synchronized (this) {
            if (typed == CONTROL_C) {
                line.reset();
                ready = new byte[0];
            } else if (typed == CONTROL_D) {
                ready = line.toByteArray();
            } else if (typed == '\r' || typed == '\n') {
                byte[] start = line.toByteArray();
                ready = Arrays.copyOf(start, start.length + 1);
                ready[start.length] = '\n';
            } else {
                if (line.size() < LONGEST_LINE - 1) {
                    line.write(typed);
                    echo(new byte[] {typed});
                }
                return true;
            }
            if (!hasRoom()) {
                return false;
            }
            line.reset();
        }
        handOver(typed, ready);
        return true;
    }

    private void handOver(byte typed, byte[] ready) {
        if (typed == CONTROL_C) {
            echo(new byte[] {'^', 'C', '\r', '\n'});
            interrupt.run();
        } else if (typed == CONTROL_D) {
            input.put(ready, 0, ready.length);
            if (ready.length == 0) {
                input.end();
            }
        } else {
            echo(new byte[] {'\r', '\n'});
            input.put(ready, 0, ready.length);
        }
    }

    /** As a real terminal, drops echo that nobody reads. */
    private void echo(byte[] bytes) {
        output.put(bytes, 0, bytes.length);
    }

    @Override
    public void write(Life writer, byte[] bytes, int offset, int length) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream(length + 16);
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                shown.write('\r');
            }
            shown.write(bytes[i]);
        }
        output.write(writer, shown.toByteArray(), 0, shown.size());
    }

    @Override
    public void retain() {
        output.retain();
    }

    @Override
    public void release() {
        output.release();
    }
}
