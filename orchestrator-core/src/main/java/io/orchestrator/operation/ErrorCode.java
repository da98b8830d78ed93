package io.orchestrator.operation;

/** Stable, machine-readable reasons of an {@link OrchestratorException}. */
public enum ErrorCode {
    /** A value the caller gave is outside its limits; repeating the call cannot help. */
    INVALID_ARGUMENT(false),
    /** No such node, container, service, session or operation, or it belongs to another owner. */
    NOT_FOUND(false),
    /** The wish contradicts what exists, such as a display name that the owner already uses. */
    CONFLICT(false),
    /** Another operation on the same resource is running; its id is in the message. */
    BUSY(true),
    /** The idempotency key was used before with another request. */
    IDEMPOTENCY_MISMATCH(false),
    /** No registered node can take the container now. */
    NO_NODE(true),
    /** The node did not answer, or its answers cannot be trusted now. */
    NODE_UNREACHABLE(true),
    /** Every host port of the node's range is in use. */
    PORTS_EXHAUSTED(true),
    /** A host port that was reserved is used by something else on the machine. */
    PORT_TAKEN(true),
    /** The engine already has a container or volume of that name. */
    NAME_TAKEN(false),
    /** The node has no such image and cannot get it. */
    IMAGE_NOT_FOUND(false),
    /** The node cannot do what was asked; asking again cannot help. */
    UNSUPPORTED(false),
    /** The call's deadline passed before an answer came. */
    DEADLINE_EXCEEDED(true),
    /** The request may or may not have taken effect; only observation can tell. */
    OUTCOME_UNKNOWN(true),
    /** The other side broke its protocol; neither success nor absence may be concluded. */
    PROTOCOL_ERROR(true),
    /** The other side did not accept the credentials; asking again with the same ones cannot help. */
    UNAUTHORIZED(false),
    /** The node refused what was asked, and says why. */
    ENGINE_ERROR(false),
    /** The node's disk is full. */
    NO_SPACE(false),
    /** A container ended although it should run. */
    CONTAINER_EXITED(false),
    /** The store did not answer or refused; nothing was changed. */
    STORE_UNAVAILABLE(true),
    /** Another change superseded this operation, or its caller cancelled it. */
    CANCELLED(false),
    /** The orchestrator or the session is closed. */
    CLOSED(false),
    /** A defect of this library; please report it. */
    INTERNAL(false);

    private final boolean retryable;

    ErrorCode(boolean retryable) {
        this.retryable = retryable;
    }

    /** Whether the same call may succeed later without a change by the caller. */
    public boolean retryable() {
        return retryable;
    }
}
