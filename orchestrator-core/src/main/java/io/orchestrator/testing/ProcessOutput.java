package io.orchestrator.testing;

import java.io.OutputStream;

/** A process's output as a stream. */
final class ProcessOutput extends OutputStream {
    private final Life writer;
    private final Sink sink;

    ProcessOutput(Life writer, Sink sink) {
        this.writer = writer;
        this.sink = sink;
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        sink.write(writer, bytes, offset, length);
    }
}
