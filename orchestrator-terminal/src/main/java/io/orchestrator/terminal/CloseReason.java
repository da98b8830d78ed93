package io.orchestrator.terminal;

import java.util.OptionalInt;

/**
 * Why a session ended or was refused.
 *
 * @param code the machine-readable reason
 * @param text for a person: at most 123 characters of printable ASCII, the most that a WebSocket close frame takes; never
 *     holds terminal bytes
 * @param exitCode how the shell ended, where it ended by itself and that is known
 * @param processesEnded whether the node confirmed that no process of the session is left; false while they are being
 *     ended, so always false in {@link TerminalClient#closed}
 */
public record CloseReason(Code code, String text, OptionalInt exitCode, boolean processesEnded) {
    private static final int MAX_TEXT = 123;

    /** The machine-readable reason, with the WebSocket close code (RFC 6455, section 7.4) that fits it. */
    public enum Code {
        /** The shell ended; its exit code is in the reason. */
        SHELL_ENDED(1000),
        /** The client closed, vanished, or threw from one of its methods. */
        CLIENT_CLOSED(1000),
        /** The host ended the session, for example because the user's token was revoked. */
        HOST_CLOSED(1008),
        /** The client took no output for {@link TerminalLimits#stuck()} although some was waiting. */
        CLIENT_STUCK(1013),
        /** The client sent more messages than were requested. */
        CLIENT_FLOODED(1002),
        /** The client sent a message over {@link TerminalSession#MAX_INPUT_BYTES}. */
        MESSAGE_TOO_BIG(1009),
        /** Nothing went either way for {@link TerminalLimits#idle()}. */
        IDLE(1008),
        /** The session reached {@link TerminalLimits#lifetime()}. */
        LIFETIME(1008),
        /** A limit on the number of sessions is reached; those that are open go on. */
        LIMIT(1013),
        /** The container was removed or stopped, does not run, or is not known. */
        CONTAINER_GONE(1001),
        /** The image has neither {@code bash} nor {@code sh}. */
        NO_SHELL(1011),
        /** The node vanished, or its answers cannot be trusted. */
        NODE_LOST(1011),
        /** The node refused to run the command; another try will not help. */
        REFUSED(1011),
        /** The terminal proxy was closed. */
        PROXY_CLOSED(1001);

        private final int webSocketCode;

        Code(int webSocketCode) {
            this.webSocketCode = webSocketCode;
        }

        /** The status code for a WebSocket close frame. */
        public int webSocketCode() {
            return webSocketCode;
        }
    }

    public CloseReason {
        text = text.replaceAll("[^ -~]", "?");
        text = text.substring(0, Math.min(MAX_TEXT, text.length()));
    }

    /** A reason without an exit code. */
    public static CloseReason of(Code code, String text) {
        return new CloseReason(code, text, OptionalInt.empty(), false);
    }

    CloseReason confirmed() {
        return new CloseReason(code, text, exitCode, true);
    }

    CloseReason unconfirmed() {
        return new CloseReason(code, text + "; its processes may still run", exitCode, false);
    }
}
