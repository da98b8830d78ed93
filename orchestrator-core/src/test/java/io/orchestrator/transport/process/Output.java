package io.orchestrator.transport.process;

import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.StreamKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** Asks for everything and keeps it. */
final class Output implements Flow.Subscriber<OutputChunk> {
    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    private final StringBuilder kinds = new StringBuilder();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public synchronized void onNext(OutputChunk chunk) {
        byte[] bytes = new byte[chunk.bytes().remaining()];
        chunk.bytes().get(bytes);
        (chunk.stream() == StreamKind.STDOUT ? stdout : stderr).writeBytes(bytes);
        kinds.append(chunk.stream() == StreamKind.STDOUT ? 'o' : 'e');
    }

    @Override
    public void onError(Throwable thrown) {
        end.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
        end.complete(null);
    }

    Output await() throws Exception {
        end.get(60, TimeUnit.SECONDS);
        return this;
    }

    synchronized byte[] bytes() {
        return stdout.toByteArray();
    }

    synchronized int size() {
        return stdout.size();
    }

    synchronized String text() {
        return stdout.toString(StandardCharsets.UTF_8);
    }

    synchronized String errors() {
        return stderr.toString(StandardCharsets.UTF_8);
    }

    /** {@code o} and {@code e} for each chunk, in the order of delivery. */
    synchronized String kinds() {
        return kinds.toString();
    }
}
