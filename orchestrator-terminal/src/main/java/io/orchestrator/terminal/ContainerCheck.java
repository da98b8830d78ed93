package io.orchestrator.terminal;

import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.terminal.CloseReason.Code;
import java.util.Optional;

/** Finds containers, and says in one way for all callers why a terminal into one cannot go on. Reads the store only. */
record ContainerCheck(ContainerLauncher containers) {
    /** The container to open a terminal into. */
    Container require(ContainerId id) {
        return containers.find(id).orElseThrow(() -> OrchestratorException.notFound("container", id.value()));
    }

    /** Why the terminals of a container must end; empty while they may go on, and while the store cannot tell. */
    Optional<CloseReason> whyGone(ContainerId id) {
        try {
            ContainerState state = require(id).state();
            if (state.desired() != Desired.RUNNING) {
                String what = state.desired() == Desired.REMOVED ? "removed" : "stopped";
                return Optional.of(CloseReason.of(Code.CONTAINER_GONE, "container '" + id + "' was " + what));
            }
            return state.status() == ContainerStatus.UNKNOWN ? Optional.of(nodeLost(id)) : Optional.empty();
        } catch (OrchestratorException failure) {
            return failure.code() == ErrorCode.NOT_FOUND
                    ? Optional.of(CloseReason.of(Code.CONTAINER_GONE, "container '" + id + "' was removed"))
                    : Optional.empty();
        }
    }

    /** Why the shell's stream broke. The failure's own words stay here: they may name what its reader must not know. */
    CloseReason whyBroken(ContainerId id) {
        return whyGone(id).orElseGet(() -> nodeLost(id));
    }

    /** What to tell the client of a terminal that could not be opened. */
    static CloseReason whyRefused(ContainerId id, OrchestratorException failure) {
        return switch (failure.code()) {
            case NOT_FOUND -> CloseReason.of(Code.CONTAINER_GONE, "no container '" + id + "'");
            case CONFLICT -> CloseReason.of(Code.CONTAINER_GONE, "container '" + id + "' does not run");
            case NODE_UNREACHABLE, DEADLINE_EXCEEDED, OUTCOME_UNKNOWN, PROTOCOL_ERROR -> nodeLost(id);
            case UNSUPPORTED -> CloseReason.of(Code.REFUSED, "the node of container '" + id + "' cannot run terminals");
            case CLOSED -> CloseReason.of(Code.PROXY_CLOSED, "the host is shutting down");
            default ->
                CloseReason.of(
                        Code.REFUSED, "container '" + id + "' could not run the command (" + failure.code() + ")");
        };
    }

    private static CloseReason nodeLost(ContainerId id) {
        return CloseReason.of(Code.NODE_LOST, "the node of container '" + id + "' does not answer");
    }
}
