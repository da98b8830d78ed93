package io.orchestrator.examples.bucket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells the watch about each piece of a request's body. */
final class PacedInput extends FilterInputStream {
    private final Watched watched;

    PacedInput(InputStream in, Watched watched) {
        super(in);
        this.watched = watched;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        if (count > 0) {
            watched.progress(count);
        }
        return count;
    }
}
