package io.orchestrator.internal.operation;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Phase;
import io.orchestrator.operation.Progress;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The handle on an operation that this process drives. */
final class LiveOperation<T> implements Operation<T> {
    private static final Logger LOG = LoggerFactory.getLogger(LiveOperation.class);

    private final OperationId id;
    private final RecordKey target;
    private final OperationType<T> type;
    private final OperationDriver driver;
    private final Waiter ended;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private final List<Consumer<Progress>> listeners = new CopyOnWriteArrayList<>();
    private final HostRuntime runtime;
    private final long begun;
    private volatile Progress progress = new Progress(Phase.QUEUED, "");

    LiveOperation(
            OperationId id, RecordKey target, OperationType<T> type, OperationDriver driver, HostRuntime runtime) {
        this.id = id;
        this.target = target;
        this.type = type;
        this.driver = driver;
        this.runtime = runtime;
        this.ended = runtime.waiter();
        this.begun = runtime.nanoTime();
    }

    @Override
    public OperationId id() {
        return id;
    }

    @Override
    public RecordKey target() {
        return target;
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public void onProgress(Consumer<Progress> listener) {
        listeners.add(listener);
    }

    @Override
    public T await(Duration timeout) {
        if (!ended.await(outcome::isDone, timeout)) {
            throw new OrchestratorException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    type.name() + " of " + target + " is still at '" + progress.phase() + "' after " + timeout
                            + "; it goes on as operation '" + id + "'");
        }
        try {
            return outcome.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof OrchestratorException reason) {
                throw reason;
            }
            throw failed;
        }
    }

    @Override
    public boolean cancel() {
        return !outcome.isDone() && driver.cancel(this, type);
    }

    @Override
    public CompletableFuture<T> toFuture() {
        // what a caller hangs on it may wait for this very record's next operation, so never on the thread that drives
        // it
        return outcome.whenCompleteAsync((result, failure) -> {}, task -> runtime.execute("operation-callback", task));
    }

    /** Whether callers were told how it ended, or that it goes on failing. */
    boolean ended() {
        return outcome.isDone();
    }

    OperationType<T> type() {
        return type;
    }

    /** How long ago this process took it up. */
    Duration age() {
        return Duration.ofNanos(runtime.nanoTime() - begun);
    }

    void report(Phase phase, String detail) {
        Progress now = new Progress(phase, detail);
        progress = now;
        for (Consumer<Progress> listener : listeners) {
            try {
                listener.accept(now);
            } catch (RuntimeException thrown) {
                LOG.warn("a progress listener of operation '{}' threw", id, thrown);
            }
        }
    }

    void succeed(ResourceRecord record) {
        T result;
        try {
            result = type.result(record);
        } catch (OrchestratorException reason) {
            fail(reason);
            return;
        }
        report(Phase.READY, "");
        outcome.complete(result);
        ended.wake();
    }

    void fail(OrchestratorException reason) {
        if (!outcome.isDone()) {
            report(Phase.FAILED, String.valueOf(reason.getMessage()));
            outcome.completeExceptionally(reason);
            ended.wake();
        }
    }

    /** Ends as the record says: the operation it stands for is over, here or elsewhere. */
    void settle(Optional<ResourceRecord> record) {
        if (outcome.isDone()) {
            return;
        }
        if (record.isEmpty()) {
            fail(OrchestratorException.notFound(target.kind(), target.id()));
        } else {
            succeed(record.get());
        }
    }
}
