package io.orchestrator.internal.operation;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.Phase;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits operations and schedules their turns.
 *
 * <p>Each record has a lane; a lane is driven by at most one thread, so an operation that replaces another begins when
 * the other's running step ended. {@link StepRunner} runs the steps. No lock is held during a store or node call.
 */
public final class OperationDriver implements Operations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OperationDriver.class);
    private static final int MAX_ACTIVE = 256;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(6);

    private final Object lock = new Object();
    private final Map<String, OperationType<?>> types = new LinkedHashMap<>();
    private final Map<RecordKey, Lane> lanes = new LinkedHashMap<>();
    private final Queue<RecordKey> waiting = new ArrayDeque<>();
    private final Store store;
    private final HostRuntime runtime;
    private final long epoch;
    private final Committer committer;
    private final StepRunner runner;
    private final Waiter idle;
    private int active;
    private boolean closed;

    public OperationDriver(Store store, HostRuntime runtime, long epoch, OperationListener listener) {
        this.store = store;
        this.runtime = runtime;
        this.epoch = epoch;
        this.committer = new Committer(store);
        this.runner = new StepRunner(store, runtime, committer, listener, this);
        this.idle = runtime.waiter();
    }

    @Override
    public void define(OperationType<?> type) {
        synchronized (lock) {
            if (types.putIfAbsent(type.name(), type) != null) {
                throw OrchestratorException.invalid("operation type '" + type.name() + "' is defined already");
            }
        }
    }

    @Override
    public void resume(String kind) {
        Optional<String> cursor = Optional.empty();
        do {
            Page<ResourceRecord> page =
                    store.page(RecordQuery.of(kind).pending().after(cursor));
            page.items().forEach(record -> kick(record.key()));
            cursor = page.next();
        } while (cursor.isPresent());
    }

    @Override
    public <T> Operation<T> create(
            OperationType<T> type, ResourceRecord fresh, Map<RecordKey, UnaryOperator<ResourceRecord>> companions) {
        PendingOperation pending = begin(type, fresh);
        ResourceRecord stored = committer
                .commit(fresh.toBuilder().pending(pending).build(), companions, submitted(type, fresh.key(), pending))
                .orElseThrow(() -> new OrchestratorException(ErrorCode.CONFLICT, fresh.key() + " exists already"));
        return takeUp(type, stored.key(), pending);
    }

    @Override
    public <T> Operation<T> change(
            OperationType<T> type,
            RecordKey key,
            UnaryOperator<ResourceRecord> desire,
            Predicate<PendingOperation> preempts) {
        while (true) {
            ResourceRecord current =
                    store.find(key).orElseThrow(() -> OrchestratorException.notFound(key.kind(), key.id()));
            Optional<PendingOperation> running = current.pending();
            if (running.filter(other -> other.type().equals(type.name())).isPresent()) {
                return attach(type, current);
            }
            if (running.isPresent() && !preempts.test(running.get())) {
                throw new OrchestratorException(
                        ErrorCode.BUSY,
                        key + " is in the middle of " + running.get().type() + ", operation '"
                                + running.get().id() + "'; try again when it ended");
            }
            ResourceRecord wanted = desire.apply(current);
            PendingOperation pending = begin(type, wanted);
            Optional<ResourceRecord> stored = committer.commit(
                    wanted.toBuilder().pending(pending).build(), Map.of(), submitted(type, key, pending));
            if (stored.isPresent()) {
                return takeUp(type, key, pending);
            }
        }
    }

    @Override
    public <T> Operation<T> attach(OperationType<T> type, ResourceRecord record) {
        Optional<PendingOperation> pending =
                record.pending().filter(running -> running.type().equals(type.name()));
        if (pending.isPresent()) {
            return takeUp(type, record.key(), pending.get());
        }
        LiveOperation<T> ended =
                new LiveOperation<>(new OperationId(Ids.next(runtime)), record.key(), type, this, runtime);
        ended.succeed(record);
        return ended;
    }

    @Override
    public Optional<Operation<?>> find(OperationId id) {
        synchronized (lock) {
            return lanes.values().stream()
                    .<Operation<?>>mapMulti((lane, sink) -> {
                        if (lane.operation != null && lane.operation.id().equals(id)) {
                            sink.accept(lane.operation);
                        }
                    })
                    .findFirst();
        }
    }

    /** Lets what runs finish its step, at most 6 s; what is left stays in the store and goes on with the next start. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            waiting.clear();
        }
        idle.await(this::idleNow, CLOSE_WAIT);
        synchronized (lock) {
            for (Lane lane : lanes.values()) {
                if (lane.call != null) {
                    lane.call.cancel();
                }
                if (lane.operation != null) {
                    lane.operation.fail(new OrchestratorException(
                            ErrorCode.CLOSED,
                            "the orchestrator was closed; the operation goes on when it is opened again"));
                }
            }
            lanes.clear();
        }
    }

    <T> boolean cancel(LiveOperation<T> operation, OperationType<T> type) {
        return type.cancel(this, operation.target());
    }

    /** The type of a pending operation; empty if no module defined it (yet). */
    Optional<OperationType<?>> type(String name) {
        synchronized (lock) {
            return Optional.ofNullable(types.get(name));
        }
    }

    boolean closed() {
        synchronized (lock) {
            return closed;
        }
    }

    /** Makes the record's next step run soon. */
    void kick(RecordKey key) {
        boolean startThread;
        synchronized (lock) {
            startThread = !closed && enlist(key, lanes.computeIfAbsent(key, unused -> new Lane()));
        }
        if (startThread) {
            runtime.execute("operation", () -> drive(key));
        }
    }

    /** Marks the lane as having work; whether the caller must start a thread for it. */
    private boolean enlist(RecordKey key, Lane lane) {
        lane.parked = false;
        if (lane.busy) {
            lane.lookAgain = true;
            return false;
        }
        lane.busy = true;
        if (active >= MAX_ACTIVE) {
            waiting.add(key);
            return false;
        }
        active++;
        return true;
    }

    private void drive(RecordKey first) {
        for (RecordKey key = first; key != null; key = nextWaiting()) {
            Lane lane;
            synchronized (lock) {
                lane = lanes.computeIfAbsent(key, unused -> new Lane());
            }
            boolean goOn = true;
            while (goOn) {
                synchronized (lock) {
                    lane.lookAgain = false;
                }
                runLane(key, lane);
                synchronized (lock) {
                    goOn = lane.lookAgain && !closed;
                    if (!goOn) {
                        lane.busy = false;
                        if (!lane.parked && !closed) {
                            lanes.remove(key, lane);
                        }
                    }
                }
            }
        }
    }

    private void runLane(RecordKey key, Lane lane) {
        try {
            runner.run(key, lane);
        } catch (RuntimeException failure) {
            // the store failed, or a defect: the intent is stored, so the lane is tried again
            LOG.warn("driving {} failed, trying again", key, failure);
            park(key, lane, Duration.ofSeconds(1));
        }
    }

    /** Leaves the lane until the delay is over. */
    void park(RecordKey key, Lane lane, Duration delay) {
        synchronized (lock) {
            lane.parked = true;
            if (closed) {
                return;
            }
        }
        runtime.schedule(delay, () -> kick(key));
    }

    /** Leaves the lane until the other operation ended. */
    void park(RecordKey key, Lane lane, Operation<?> other) {
        synchronized (lock) {
            lane.parked = true;
        }
        var unused = other.toFuture().whenComplete((result, failure) -> kick(key));
    }

    /** Notes what the lane is doing, so that a replacement can be told apart and a pull can be cut short. */
    void running(Lane lane, CallContext call, Step step) {
        synchronized (lock) {
            lane.call = call;
            lane.phase = step.phase();
        }
    }

    /** The handle on the lane's pending operation; one that it replaced ends as superseded. */
    <T> LiveOperation<T> operation(RecordKey key, Lane lane, OperationType<T> type, PendingOperation pending) {
        LiveOperation<?> replaced;
        LiveOperation<T> present;
        synchronized (lock) {
            replaced = lane.operation;
            present = own(key, lane, type, pending);
        }
        endReplaced(replaced, present);
        return present;
    }

    @SuppressWarnings("unchecked") // a lane's operation has the type of the pending operation it was made for
    private <T> LiveOperation<T> own(RecordKey key, Lane lane, OperationType<T> type, PendingOperation pending) {
        if (lane.operation == null || !lane.operation.id().equals(pending.id())) {
            lane.operation = new LiveOperation<>(pending.id(), key, type, this, runtime);
            lane.failures = 0;
            if (lane.call != null && lane.phase == Phase.PULLING) {
                // a pull takes minutes and leaves nothing of ours; every other step ends by itself soon
                lane.call.cancel();
            }
        }
        return (LiveOperation<T>) lane.operation;
    }

    /** Ends a handle whose operation somebody else brought to its end, from what the record says now. */
    void settle(RecordKey key, Lane lane, Optional<ResourceRecord> record) {
        LiveOperation<?> left;
        synchronized (lock) {
            left = lane.operation;
        }
        if (left != null && !closed()) {
            left.settle(record);
        }
    }

    private @Nullable RecordKey nextWaiting() {
        synchronized (lock) {
            RecordKey next = waiting.poll();
            if (next == null) {
                active--;
                idle.wake();
            }
            return next;
        }
    }

    private boolean idleNow() {
        synchronized (lock) {
            return active == 0;
        }
    }

    private <T> Operation<T> takeUp(OperationType<T> type, RecordKey key, PendingOperation pending) {
        LiveOperation<T> operation;
        LiveOperation<?> replaced;
        boolean startThread;
        synchronized (lock) {
            if (closed) {
                throw new OrchestratorException(ErrorCode.CLOSED, "the orchestrator is closed");
            }
            // in one piece: a lane with work is not forgotten before it was looked at
            Lane lane = lanes.computeIfAbsent(key, unused -> new Lane());
            replaced = lane.operation;
            operation = own(key, lane, type, pending);
            startThread = enlist(key, lane);
        }
        endReplaced(replaced, operation);
        if (startThread) {
            runtime.execute("operation", () -> drive(key));
        }
        return operation;
    }

    private static void endReplaced(@Nullable LiveOperation<?> replaced, LiveOperation<?> by) {
        if (replaced != null && replaced != by) {
            replaced.fail(new OrchestratorException(
                    ErrorCode.CANCELLED,
                    replaced.type().name() + " of " + by.target() + " gave way to "
                            + by.type().name()));
        }
    }

    private PendingOperation begin(OperationType<?> type, ResourceRecord record) {
        return new PendingOperation(
                new OperationId(Ids.next(runtime)),
                type.name(),
                type.steps(record).get(0).name(),
                epoch,
                Optional.empty());
    }

    private JournalDraft submitted(OperationType<?> type, RecordKey key, PendingOperation pending) {
        return new JournalDraft(runtime.now(), key, pending.id().value(), type.name() + "/submitted", "");
    }
}
