package io.orchestrator.internal.container;

import io.orchestrator.container.LogLine;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes lines of chunks, for each stream apart. Not thread-safe. */
final class LineSplitter {
    private static final int MAX_LINE_BYTES = 65_536;

    private final Map<StreamKind, ByteArrayOutputStream> partial = new EnumMap<>(StreamKind.class);
    private final Consumer<LogLine> sink;

    LineSplitter(Consumer<LogLine> sink) {
        this.sink = sink;
        for (StreamKind stream : StreamKind.values()) {
            partial.put(stream, new ByteArrayOutputStream());
        }
    }

    void add(OutputChunk chunk) {
        ByteArrayOutputStream line = partial.getOrDefault(chunk.stream(), new ByteArrayOutputStream());
        while (chunk.bytes().hasRemaining()) {
            byte next = chunk.bytes().get();
            if (next != '\n') {
                line.write(next);
            }
            if (next == '\n' || line.size() >= MAX_LINE_BYTES) {
                flush(chunk.stream(), line);
            }
        }
    }

    /** Passes on what came without a line end. */
    void end() {
        partial.forEach((stream, line) -> {
            if (line.size() > 0) {
                flush(stream, line);
            }
        });
    }

    private void flush(StreamKind stream, ByteArrayOutputStream line) {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        sink.accept(new LogLine(stream, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text));
    }
}
