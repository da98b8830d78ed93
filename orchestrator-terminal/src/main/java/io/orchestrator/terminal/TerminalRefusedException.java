package io.orchestrator.terminal;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import org.jspecify.annotations.Nullable;

/**
 * Says that a session was not opened. Its own type because the caller has a connection to close: with {@link #reason()}.
 *
 * <p>Immutable. Of {@link CloseReason.Code}, it carries {@code LIMIT}, {@code CONTAINER_GONE}, {@code NODE_LOST}, {@code
 * REFUSED} or {@code PROXY_CLOSED}.
 */
public final class TerminalRefusedException extends OrchestratorException {
    private static final long serialVersionUID = 1L;

    private final CloseReason.Code closeCode;
    private final String closeText;

    TerminalRefusedException(ErrorCode code, CloseReason reason, @Nullable Throwable cause) {
        super(code, reason.text(), cause);
        this.closeCode = reason.code();
        this.closeText = reason.text();
    }

    /** What to tell the client. */
    public CloseReason reason() {
        return CloseReason.of(closeCode, closeText);
    }
}
