package io.orchestrator.examples.controlplane;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The last lines of a container's output that fit the limit, the lines of its streams in the order of their ends. */
final class LogTail implements Flow.Subscriber<OutputChunk> {
    private final int maxBytes;
    private final int maxLines;
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
    private final Map<StreamKind, ByteArrayOutputStream> partial = new EnumMap<>(StreamKind.class);
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private int bytes;

    /** @param maxBytes of all lines together; a line that is longer alone is cut */
    LogTail(int maxLines, int maxBytes) {
        this.maxLines = maxLines;
        this.maxBytes = maxBytes;
    }

    /** The lines, joined, once the output ended; completing it ends the reading. */
    CompletableFuture<String> text() {
        return text;
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        subscription = begun;
        // its result is the same future, which whoever asked for the text has
        CompletableFuture<String> unused = text.whenComplete((lines, failure) -> begun.cancel());
        begun.request(1);
    }

    @Override
    public void onNext(OutputChunk chunk) {
        ByteArrayOutputStream line = partial.computeIfAbsent(chunk.stream(), stream -> new ByteArrayOutputStream());
        while (chunk.bytes().hasRemaining()) {
            byte next = chunk.bytes().get();
            if (next == '\n') {
                add(line);
            } else if (line.size() < maxBytes) {
                line.write(next);
            }
        }
        Objects.requireNonNull(subscription).request(1);
    }

    @Override
    public void onError(Throwable failure) {
        text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        partial.values().stream().filter(line -> line.size() > 0).forEach(this::add);
        StringJoiner joined = new StringJoiner("\n");
        lines.forEach(line -> joined.add(text(line)));
        text.complete(joined.toString());
    }

    private void add(ByteArrayOutputStream line) {
        lines.add(line.toByteArray());
        bytes += line.size();
        line.reset();
        while (bytes > maxBytes || lines.size() > maxLines) {
            bytes -= lines.remove().length;
        }
    }

    private static String text(byte[] line) {
        int end = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
        return new String(line, 0, end, StandardCharsets.UTF_8);
    }
}
