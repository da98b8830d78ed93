package io.orchestrator.internal.operation;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OperationType;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
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
import java.util.List;
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
    private static final Duration AFTER_STUMBLE = Duration.ofSeconds(1);
    private static final int LONGEST_AFTER_STUMBLE = 6; // doublings, about a minute

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
        requireOpen();
        PendingOperation pending = begin(type, fresh);
        ResourceRecord stored = commit(type, fresh, companions, pending)
                .orElseThrow(() -> new OrchestratorException(ErrorCode.CONFLICT, fresh.key() + " exists already"));
        return takeUp(type, stored, pending);
    }

    @Override
    public <T> Operation<T> change(
            OperationType<T> type,
            RecordKey key,
            UnaryOperator<ResourceRecord> desire,
            Predicate<PendingOperation> preempts) {
        while (true) {
            requireOpen();
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
            Optional<ResourceRecord> stored = commit(type, wanted, Map.of(), pending);
            if (stored.isPresent()) {
                return takeUp(type, stored.get(), pending);
            }
        }
    }

    private Optional<ResourceRecord> commit(
            OperationType<?> type,
            ResourceRecord record,
            Map<RecordKey, UnaryOperator<ResourceRecord>> companions,
            PendingOperation pending) {
        JournalDraft entry =
                new JournalDraft(runtime.now(), record.key(), pending.id().value(), type.name() + "/submitted", "");
        try {
            return committer.commit(record.toBuilder().pending(pending).build(), companions, entry);
        } catch (OutcomeUnknownException unknown) {
            // if it was stored it must be driven, although its caller is told that nobody knows
            runtime.schedule(AFTER_STUMBLE, () -> kick(record.key()));
            throw unknown;
        }
    }

    private void requireOpen() {
        if (closed()) {
            throw new OrchestratorException(ErrorCode.CLOSED, "the orchestrator is closed");
        }
    }

    @Override
    public <T> Operation<T> attach(OperationType<T> type, ResourceRecord record) {
        Optional<PendingOperation> pending =
                record.pending().filter(running -> running.type().equals(type.name()));
        if (pending.isPresent()) {
            return takeUp(type, record, pending.get());
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

    /** How the pending operation's step failed since it last succeeded; empty if it did not, or not here. */
    public Optional<Trouble> trouble(RecordKey key, PendingOperation pending) {
        synchronized (lock) {
            return Optional.ofNullable(lanes.get(key)).map(lane -> lane.trouble).filter(trouble -> trouble.of(pending));
        }
    }

    /** Notes how the lane's step failed, or null because it did not. */
    void note(Lane lane, @Nullable Trouble trouble) {
        synchronized (lock) {
            lane.trouble = trouble;
        }
    }

    /** Lets what runs finish its step, at most 6 s; what is left stays in the store and goes on with the next start. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            waiting.clear();
        }
        try {
            idle.await(this::idleNow, CLOSE_WAIT);
        } catch (OrchestratorException interrupted) {
            LOG.info("closing does not wait for the steps that run, because its thread was interrupted");
        }
        List<Lane> left;
        synchronized (lock) {
            left = List.copyOf(lanes.values());
            lanes.clear();
        }
        for (Lane lane : left) {
            CallContext call;
            LiveOperation<?> operation;
            synchronized (lock) {
                call = lane.call;
                operation = lane.operation;
            }
            if (call != null) {
                call.cancel();
            }
            if (operation != null) {
                operation.fail(new OrchestratorException(
                        ErrorCode.CLOSED,
                        "the orchestrator was closed; the operation goes on when it is opened again"));
            }
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
            startThread(key);
        }
    }

    /** Without a thread now the lane waits for a moment: the machine may have none left. */
    private void startThread(RecordKey key) {
        boolean started = false;
        try {
            runtime.execute("operation", () -> drive(key));
            started = true;
        } finally {
            if (!started) {
                runtime.schedule(AFTER_STUMBLE, () -> kick(key));
                synchronized (lock) {
                    active--;
                    Lane lane = lanes.get(key);
                    if (lane != null) {
                        lane.busy = false;
                        lane.parked = true;
                    }
                }
            }
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
            lane.stumbles = 0;
        } catch (RuntimeException | Error failure) {
            // the store failed, or the machine, or a defect: the intent is stored, so the lane is tried again
            lane.stumbles++;
            Duration delay = AFTER_STUMBLE.multipliedBy(1L << Math.min(LONGEST_AFTER_STUMBLE, lane.stumbles - 1));
            if (lane.stumbles == 1) {
                LOG.warn("driving {} failed, trying again in {}", key, delay, failure);
            } else {
                LOG.warn(
                        "driving {} failed for the {}th time, trying again in {}: {}",
                        key,
                        lane.stumbles,
                        delay,
                        failure.toString());
            }
            park(key, lane, delay);
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
    void running(Lane lane, PendingOperation pending, CallContext call, Step step) {
        boolean replaced;
        synchronized (lock) {
            lane.call = call;
            lane.phase = step.phase();
            replaced = lane.operation != null && !lane.operation.id().equals(pending.id());
        }
        if (replaced && step.phase() == Phase.PULLING) {
            call.cancel();
        }
    }

    /** The handle on the lane's pending operation; one that it replaced ends as superseded. */
    <T> LiveOperation<T> operation(ResourceRecord record, Lane lane, OperationType<T> type, PendingOperation pending) {
        Taken<T> taken;
        synchronized (lock) {
            taken = take(record, lane, type, pending, false);
        }
        return taken.settled();
    }

    /**
     * What taking up an operation led to.
     *
     * @param operation the handle for the caller
     * @param loser the handle that gave way; null if none did
     * @param winner the handle that the lane now has
     * @param cut the call that is not worth waiting for any more; null if there is none
     */
    private record Taken<T>(
            LiveOperation<T> operation,
            @Nullable LiveOperation<?> loser,
            LiveOperation<?> winner,
            @Nullable CallContext cut) {
        /** Tells the loser; not under a lock, because callers' code may hang on it. */
        LiveOperation<T> settled() {
            if (loser != null) {
                loser.fail(new OrchestratorException(
                        ErrorCode.CANCELLED,
                        loser.type().name() + " of " + winner.target() + " gave way to "
                                + winner.type().name()));
            }
            if (cut != null) {
                cut.cancel();
            }
            return operation;
        }
    }

    /** @param anew whether a caller is to wait for what comes, even if those before were told of a failure already */
    @SuppressWarnings("unchecked") // a lane's operation has the type of the pending operation it was made for
    private <T> Taken<T> take(
            ResourceRecord record, Lane lane, OperationType<T> type, PendingOperation pending, boolean anew) {
        LiveOperation<?> present = lane.operation;
        LiveOperation<T> made = new LiveOperation<>(pending.id(), record.key(), type, this, runtime);
        if (present != null && present.id().equals(pending.id())) {
            lane.version = Math.max(lane.version, record.version());
            LiveOperation<?> kept = anew && present.ended() ? made : present;
            lane.operation = kept;
            return new Taken<>((LiveOperation<T>) kept, null, kept, null);
        }
        if (present != null && record.version() < lane.version) {
            // the record was read before the lane's operation replaced this one
            return new Taken<>(made, made, present, null);
        }
        lane.operation = made;
        lane.version = record.version();
        lane.failures = 0;
        // a pull takes minutes and leaves nothing of ours; every other step ends by itself soon
        return new Taken<>(made, present, made, lane.phase == Phase.PULLING ? lane.call : null);
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
            if (next != null) {
                return next;
            }
            active--;
        }
        idle.wake();
        return null;
    }

    private boolean idleNow() {
        synchronized (lock) {
            return active == 0;
        }
    }

    private <T> Operation<T> takeUp(OperationType<T> type, ResourceRecord record, PendingOperation pending) {
        Taken<T> taken;
        boolean startThread;
        synchronized (lock) {
            requireOpen();
            // in one piece: a lane with work is not forgotten before it was looked at
            Lane lane = lanes.computeIfAbsent(record.key(), unused -> new Lane());
            boolean waits =
                    lane.parked && lane.operation != null && lane.operation.id().equals(pending.id());
            taken = take(record, lane, type, pending, true);
            // whoever asks again for what waits between two tries waits with it
            startThread = !waits && enlist(record.key(), lane);
        }
        if (startThread) {
            startThread(record.key());
        }
        return taken.settled();
    }

    private PendingOperation begin(OperationType<?> type, ResourceRecord record) {
        List<Step> steps = type.steps(record);
        if (steps.stream().map(Step::name).distinct().count() < steps.size()) {
            throw new OrchestratorException(
                    ErrorCode.INTERNAL, "two steps of '" + type.name() + "' have the same name");
        }
        return new PendingOperation(
                new OperationId(Ids.next(runtime)), type.name(), steps.get(0).name(), epoch, Optional.empty());
    }
}
