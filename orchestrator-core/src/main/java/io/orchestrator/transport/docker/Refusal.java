package io.orchestrator.transport.docker;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.Locale;

/**
 * A well-formed refusal by an engine.
 *
 * @param what what was asked
 * @param status 400 to 599
 * @param message the engine's own words
 */
record Refusal(String what, int status, String message) {
    private static final int MAX_SHOWN = 500;

    /** Whether the engine itself says that there is no such thing, and not some router in between. */
    boolean absent() {
        return status == 404 && (says("no such") || says("image not known"));
    }

    boolean says(String part) {
        return message.toLowerCase(Locale.ROOT).contains(part);
    }

    /** The error for what every verb has in common. */
    OrchestratorException asException() {
        if (says("no space left on device")) {
            return as(ErrorCode.NO_SPACE);
        }
        return switch (status) {
            case 400 -> as(ErrorCode.INVALID_ARGUMENT);
            case 404 -> as(absent() ? ErrorCode.NOT_FOUND : ErrorCode.PROTOCOL_ERROR);
            case 409 -> as(ErrorCode.CONFLICT);
            default -> as(ErrorCode.ENGINE_ERROR);
        };
    }

    OrchestratorException as(ErrorCode code) {
        return new OrchestratorException(code, what + ": " + printable(message));
    }

    /** At most 500 characters of the text, without any that could disturb a log or a terminal. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(MAX_SHOWN).forEach(point -> {
            boolean harmless = !Character.isISOControl(point)
                    && Character.isDefined(point)
                    && Character.getType(point) != Character.FORMAT
                    && Character.getType(point) != Character.SURROGATE;
            shown.appendCodePoint(harmless ? point : ' ');
        });
        return shown.toString().strip();
    }
}
