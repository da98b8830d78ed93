package io.orchestrator.transport.process;

import io.orchestrator.container.OutputChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one output stream of a container through its segments, while it is being written. Not thread-safe. */
final class SegmentReader implements AutoCloseable {
    private static final int BLOCK = 65_536;

    private final Path directory;
    private final String stream;
    private int segment;
    private @Nullable FileChannel channel;
    private int lastSegment = Integer.MAX_VALUE;
    private long lastOffset = Long.MAX_VALUE;

    /** Begins before the oldest byte that is still there. */
    SegmentReader(Path directory, String stream) {
        this.directory = directory;
        this.stream = stream;
    }

    /** Ends where the stream ends now, whatever is written later. */
    void stopAtPresentEnd() throws IOException {
        lastSegment = Segments.last(directory, stream);
        lastOffset = size(lastSegment);
    }

    /** Moves to the beginning of that many last lines; returns how many there are. */
    int seekLastLines(int lines) throws IOException {
        List<Integer> numbers = Segments.numbers(directory, stream);
        Collections.reverse(numbers);
        int found = 0;
        boolean tailSeen = false;
        for (int number : numbers) {
            try (FileChannel file =
                    FileChannel.open(Segments.file(directory, stream, number), StandardOpenOption.READ)) {
                long end = Math.min(file.size(), number == lastSegment ? lastOffset : Long.MAX_VALUE);
                for (long from = end; from > 0; ) {
                    long begin = Math.max(0, from - BLOCK);
                    ByteBuffer block = ByteBuffer.allocate((int) (from - begin));
                    readFully(file, block, begin);
                    for (int i = block.limit() - 1; i >= 0; i--) {
                        boolean veryLast = !tailSeen;
                        tailSeen = true;
                        // a line ends before the next one begins; the end of the last one begins none
                        if ((block.get(i) == '\n' && !veryLast && ++found == lines) || lines == 0) {
                            open(number, begin + i + 1);
                            return lines;
                        }
                    }
                    from = begin;
                }
            } catch (NoSuchFileException rotated) {
                break;
            }
        }
        if (lines == 0) {
            open(numbers.isEmpty() ? 0 : numbers.get(0), 0);
        }
        return tailSeen ? found + 1 : found;
    }

    private static void readFully(FileChannel file, ByteBuffer block, long position) throws IOException {
        while (block.hasRemaining() && file.read(block, position + block.position()) > 0) {
            // once more
        }
    }

    /** The next 1 to 16,384 bytes; null if there are none now. */
    @Nullable
    ByteBuffer read() throws IOException {
        while (true) {
            if (channel == null && !openNext()) {
                return null;
            }
            ByteBuffer bytes = readHere();
            if (bytes != null) {
                return bytes;
            }
            if (segment >= lastSegment || next() == 0) {
                return null;
            }
            // a segment is complete once there is another one: what came between the two looks is read first
            bytes = readHere();
            if (bytes != null) {
                return bytes;
            }
            close();
        }
    }

    private @Nullable ByteBuffer readHere() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            return null;
        }
        long left = segment == lastSegment ? lastOffset - open.position() : Long.MAX_VALUE;
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(OutputChunk.MAX_BYTES, Math.max(0, left)));
        return bytes.hasRemaining() && open.read(bytes) > 0 ? bytes.flip() : null;
    }

    private boolean openNext() throws IOException {
        int next = next();
        return next != 0 && next <= lastSegment && open(next, 0);
    }

    /** The number of the segment after the present one; 0 if there is none yet. */
    private int next() {
        return Segments.numbers(directory, stream).stream()
                .filter(number -> number > segment)
                .findFirst()
                .orElse(0);
    }

    private boolean open(int number, long offset) throws IOException {
        close();
        segment = number;
        try {
            channel = FileChannel.open(Segments.file(directory, stream, number), StandardOpenOption.READ)
                    .position(offset);
            return true;
        } catch (NoSuchFileException rotated) {
            return false;
        }
    }

    private long size(int number) throws IOException {
        try {
            return number == 0 ? 0 : Files.size(Segments.file(directory, stream, number));
        } catch (NoSuchFileException rotated) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
