package io.orchestrator.testing;

import java.io.InputStream;

/** A process's standard input as a stream. */
final class ProcessInput extends InputStream {
    private final Life reader;
    private final Source source;

    ProcessInput(Life reader, Source source) {
        this.reader = reader;
        this.source = source;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return length == 0 ? 0 : source.read(reader, target, offset, length);
    }
}
