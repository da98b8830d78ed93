package io.orchestrator.testing;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What a container wrote, over all its runs. Thread-safe. */
final class FakeLog {
    private static final long MOST_BYTES = 64L << 20;

    private final List<OutputChunk> chunks = new ArrayList<>();
    private long bytes;

    synchronized void append(StreamKind stream, byte[] text, int offset, int length) {
        bytes += length;
        if (bytes > MOST_BYTES) {
            throw new IllegalStateException("a fake container's output is over 64 MiB");
        }
        for (int done = 0; done < length; done += OutputChunk.MAX_BYTES) {
            int end = Math.min(length, done + OutputChunk.MAX_BYTES);
            byte[] piece = Arrays.copyOfRange(text, offset + done, offset + end);
            chunks.add(new OutputChunk(stream, ByteBuffer.wrap(piece).asReadOnlyBuffer()));
        }
    }

    /** Reads from that many lines before the end (-1: from the beginning), and beyond the end while {@code goesOn}. */
    synchronized ChunkSource reader(int tail, boolean follow, BooleanSupplier goesOn) {
        int end = follow ? Integer.MAX_VALUE : chunks.size();
        Reader reader = new Reader(end, () -> follow && goesOn.getAsBoolean());
        if (tail >= 0) {
            rewind(reader, tail);
        }
        return reader;
    }

    private void rewind(Reader reader, int lines) {
        reader.index = chunks.size();
        // the line end at the very end belongs to the last line
        int toPass = lines + 1;
        boolean atEnd = true;
        for (int index = chunks.size() - 1; index >= 0 && lines > 0; index--) {
            ByteBuffer buffer = chunks.get(index).bytes();
            for (int position = buffer.limit() - 1; position >= 0; position--) {
                boolean lineEnd = buffer.get(position) == '\n';
                if ((lineEnd || atEnd) && --toPass == 0) {
                    return;
                }
                atEnd = false;
                reader.index = index;
                reader.position = position;
            }
        }
    }

    private synchronized int size() {
        return chunks.size();
    }

    private synchronized OutputChunk chunk(int index, int position) {
        OutputChunk stored = chunks.get(index);
        byte[] copy = new byte[stored.bytes().limit() - position];
        stored.bytes().get(position, copy);
        return new OutputChunk(stored.stream(), ByteBuffer.wrap(copy));
    }

    private final class Reader implements ChunkSource {
        private final int end;
        private final BooleanSupplier goesOn;
        private int index;
        private int position;

        Reader(int end, BooleanSupplier goesOn) {
            this.end = end;
            this.goesOn = goesOn;
        }

        @Override
        public boolean hasMore() {
            return index < Math.min(end, size());
        }

        @Override
        public boolean drained() {
            // in this order, or what is written just before the end is missed
            boolean over = !goesOn.getAsBoolean();
            return over && !hasMore();
        }

        @Override
        public OutputChunk take() {
            OutputChunk taken = chunk(index, position);
            index++;
            position = 0;
            return taken;
        }
    }
}
