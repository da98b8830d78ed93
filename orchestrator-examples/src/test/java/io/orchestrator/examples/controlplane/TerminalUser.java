package io.orchestrator.examples.controlplane;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A person at a WebSocket terminal: types, and waits until the screen shows something. */
final class TerminalUser implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();
    private volatile String closeReason = "";
    private int pings;
    private boolean paused;
    private @Nullable WebSocket socket;

    static TerminalUser open(Caller caller, String node, String container, String... subprotocol) {
        TerminalUser user = new TerminalUser();
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (!caller.token().isEmpty()) {
            builder.header("Authorization", "Bearer " + caller.token());
        }
        for (String offered : subprotocol) {
            builder.subprotocols(offered);
        }
        String address = "ws://" + caller.server().getAuthority() + "/ws/terminal/" + node + "/" + container;
        user.socket = builder.connectTimeout(Duration.ofSeconds(30))
                .buildAsync(java.net.URI.create(address), user)
                .join();
        return user;
    }

    TerminalUser type(String line) {
        socket().sendText(line, true).join();
        return this;
    }

    TerminalUser typeBytes(byte[] bytes) {
        socket().sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** What was shown as text, once it is as expected. */
    String awaitText(Predicate<String> expected) throws InterruptedException, TimeoutException {
        return await(() -> text.toString(), expected);
    }

    /** What was shown as bytes, once it is as expected. */
    String awaitBytes(Predicate<String> expected) throws InterruptedException, TimeoutException {
        return await(() -> binary.toString(StandardCharsets.UTF_8), expected);
    }

    int awaitClose() throws Exception {
        return closeCode.get(30, TimeUnit.SECONDS);
    }

    String closeReason() {
        return closeReason;
    }

    WebSocket socket() {
        return java.util.Objects.requireNonNull(socket);
    }

    /** Waits for so many pings, which the connection answers by itself. */
    synchronized void awaitPings(int wanted) throws InterruptedException, TimeoutException {
        await(() -> "x".repeat(pings), seen -> seen.length() >= wanted);
    }

    /** Reads nothing more until {@link #resume}. */
    synchronized void pause() {
        paused = true;
    }

    synchronized void resume() {
        paused = false;
        socket().request(1);
    }

    private interface Shown {
        String now();
    }

    private synchronized String await(Shown shown, Predicate<String> expected)
            throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!expected.test(shown.now())) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 || closeCode.isDone()) {
                String now = shown.now();
                throw new TimeoutException(
                        "shown was: " + now.substring(Math.max(0, now.length() - 500)) + " closed: " + closeReason);
            }
            wait(left);
        }
        return shown.now();
    }

    private void more(WebSocket from) {
        notifyAll();
        if (!paused) {
            from.request(1);
        }
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        more(from);
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        binary.writeBytes(bytes);
        more(from);
        return null;
    }

    @Override
    public synchronized @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
        pings++;
        more(from);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        synchronized (this) {
            closeReason = reason;
            closeCode.complete(code);
            notifyAll();
        }
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        synchronized (this) {
            closeReason = "error: " + error;
            closeCode.complete(1006);
            notifyAll();
        }
    }
}
