package io.orchestrator.terminal;

import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A client that keeps everything it is told, and takes output as the test says. */
final class RecordingClient implements TerminalClient {
    private final Waiter changes;
    private final boolean greedy;
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final List<CloseReason> reasons = new ArrayList<>();
    private int inputDemand;
    private int outputs;
    private int largest;
    private @Nullable TerminalSession session;
    /** Runs in place of taking a chunk of output. */
    volatile Runnable onOutput = () -> {};

    private RecordingClient(HostRuntime runtime, boolean greedy) {
        this.changes = runtime.waiter();
        this.greedy = greedy;
    }

    /** Asks for the next chunk whenever it got one. */
    static RecordingClient greedy(HostRuntime runtime) {
        return new RecordingClient(runtime, true);
    }

    /** Asks for nothing by itself. */
    static RecordingClient byHand(HostRuntime runtime) {
        return new RecordingClient(runtime, false);
    }

    @Override
    public void opened(TerminalSession opened) {
        synchronized (this) {
            session = opened;
        }
        if (greedy) {
            opened.requestOutput(1);
        }
    }

    @Override
    public void output(ByteBuffer bytes) {
        onOutput.run();
        TerminalSession from;
        synchronized (this) {
            outputs++;
            largest = Math.max(largest, bytes.remaining());
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            shown.writeBytes(copy);
            from = session;
        }
        changes.wake();
        if (greedy && from != null) {
            from.requestOutput(1);
        }
    }

    @Override
    public void requestInput(int messages) {
        synchronized (this) {
            inputDemand += messages;
        }
        changes.wake();
    }

    @Override
    public void closed(CloseReason reason) {
        synchronized (this) {
            reasons.add(reason);
        }
        changes.wake();
    }

    /** Types as a well-behaved client does: waits until a message was asked for. */
    void type(byte[] bytes) {
        await(() -> inputDemand() > 0);
        TerminalSession to;
        synchronized (this) {
            inputDemand--;
            to = session;
        }
        if (to != null) {
            to.input(ByteBuffer.wrap(bytes));
        }
    }

    void await(BooleanSupplier condition) {
        if (!changes.await(condition, Duration.ofSeconds(60))) {
            throw new AssertionError("did not come to be within 60 s");
        }
    }

    synchronized byte[] shown() {
        return shown.toByteArray();
    }

    String text() {
        return new String(shown(), StandardCharsets.UTF_8);
    }

    synchronized List<CloseReason> reasons() {
        return List.copyOf(reasons);
    }

    synchronized int inputDemand() {
        return inputDemand;
    }

    synchronized int outputs() {
        return outputs;
    }

    synchronized int largest() {
        return largest;
    }
}
