package io.orchestrator.internal.node;

import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.NodeTransport;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One registration of a node as this process knows it: guarded by the lock of {@link LiveNodes}, except for the
 * transport, which never changes.
 */
final class LiveNode {
    private static final int UNREACHABLE_AFTER = 3;

    final NodeTransport transport;
    NodeState state;
    /** The probe that is under way; a second is not begun. */
    @Nullable
    CallContext probe;
    /** Counts finished probes, so that a waiting check knows that a later one ended. */
    long probes;
    /** The status that the store holds, as far as we know. */
    NodeStatus stored;
    /** A task is bringing the store up to date; a second is not begun. */
    boolean storing;
    /** Probes that failed in a row. */
    private int misses;

    LiveNode(NodeTransport transport, NodeState state) {
        this.transport = transport;
        this.state = state;
        this.stored = state.status();
    }

    /** Takes in how a probe ended; an end without a report is a miss. */
    void learn(Instant now, @Nullable NodeReport report, @Nullable Throwable failure) {
        misses = report != null ? 0 : misses + 1;
        state = new NodeState(
                state.spec(),
                status(),
                state.registeredAt(),
                report != null ? Optional.of(now) : state.lastSeen(),
                Optional.of(now),
                report != null ? Optional.of(report) : state.report(),
                report != null ? "" : reason(failure));
    }

    private NodeStatus status() {
        if (misses == 0) {
            return NodeStatus.READY;
        }
        return misses < UNREACHABLE_AFTER ? NodeStatus.SUSPECT : NodeStatus.UNREACHABLE;
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure == null) {
            return "the probe ended without a report";
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getName() : message;
    }
}
