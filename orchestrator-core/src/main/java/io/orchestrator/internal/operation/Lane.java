package io.orchestrator.internal.operation;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.Phase;
import org.jspecify.annotations.Nullable;

/**
 * What the driver keeps of one record while it drives it: at most one thread runs its steps. Guarded by the driver's lock.
 */
final class Lane {
    /** A thread runs, or will soon run, its steps. */
    boolean busy;
    /** Something changed while the thread ran; it looks again before it leaves. */
    boolean lookAgain;
    /** A timer or another operation will call back; cleared by whoever comes first. */
    boolean parked;

    @Nullable
    LiveOperation<?> operation;

    /** The version of the record that showed this operation; an older record says nothing about it. */
    long version;

    @Nullable
    CallContext call;

    Phase phase = Phase.QUEUED;
    /** How often the present step failed in a row. */
    int failures;
    /** The latest of these failures; null if there is none. */
    @Nullable
    Trouble trouble;

    /** The operation that the lane's thread last drove, and since when; touched by that thread alone. */
    @Nullable
    OperationId driven;

    long begun;
    /** The running step has its right to a retry already; touched by the lane's thread alone. */
    boolean granted;
    /** How often in a row the lane could not be driven at all, for the store's or the machine's reasons. */
    int stumbles;
}
