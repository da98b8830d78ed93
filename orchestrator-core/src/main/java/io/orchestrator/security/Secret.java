package io.orchestrator.security;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A value that never shows itself: {@code toString} is {@code ***}, and there is no {@code equals} on the value.
 *
 * <p>Immutable. At most 131,072 characters.
 */
public final class Secret {
    private static final int MAX_LENGTH = 131_072;

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** Wraps a value. */
    public static Secret of(String value) {
        if (value.length() > MAX_LENGTH) {
            throw OrchestratorException.invalid("a secret of " + value.length() + " characters is longer than 131072");
        }
        return new Secret(value);
    }

    /** The value itself, for the one place that must send it. */
    public String reveal() {
        return value;
    }

    /** Whether both hold the same value; takes the same time wherever they differ. */
    public boolean matches(Secret other) {
        return MessageDigest.isEqual(digest(value), digest(other.value));
    }

    private static byte[] digest(String value) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "this Java runtime has no SHA-256", missing);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
