package io.orchestrator.testing;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The output of an exec session: two pipes read in turn. */
final class PipeSource implements ChunkSource {
    private final Pipe stdout;
    private final Pipe stderr;
    private boolean errorsNext;

    PipeSource(Pipe stdout, Pipe stderr) {
        this.stdout = stdout;
        this.stderr = stderr;
    }

    @Override
    public boolean hasMore() {
        return stdout.available() > 0 || stderr.available() > 0;
    }

    @Override
    public boolean drained() {
        return stdout.drained() && stderr.drained();
    }

    @Override
    public OutputChunk take() {
        boolean errors = stdout.available() == 0 || (errorsNext && stderr.available() > 0);
        errorsNext = !errors;
        byte[] bytes = new byte[OutputChunk.MAX_BYTES];
        int length = (errors ? stderr : stdout).take(bytes, 0, bytes.length);
        return new OutputChunk(
                errors ? StreamKind.STDERR : StreamKind.STDOUT, ByteBuffer.wrap(Arrays.copyOf(bytes, length)));
    }
}
