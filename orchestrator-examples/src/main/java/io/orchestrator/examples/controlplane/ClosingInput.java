package io.orchestrator.examples.controlplane;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The content of an answer; the web framework closes it when the last byte was written, or none can be. */
final class ClosingInput extends FilterInputStream {
    private final Runnable atEnd;

    ClosingInput(InputStream content, Runnable atEnd) {
        super(content);
        this.atEnd = atEnd;
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } finally {
            atEnd.run();
        }
    }
}
