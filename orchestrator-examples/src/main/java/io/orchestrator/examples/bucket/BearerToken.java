package io.orchestrator.examples.bucket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The one credential of the service; only its SHA-256 is kept, and comparing takes the same time whatever differs. */
final class BearerToken {
    static final int MIN_LENGTH = 32;
    private static final String SCHEME = "Bearer ";

    private final byte[] hash;

    private BearerToken(byte[] hash) {
        this.hash = hash;
    }

    static BearerToken of(String token) {
        if (token.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "the bucket token has " + token.length() + " characters, needs at least " + MIN_LENGTH);
        }
        return new BearerToken(hash(token));
    }

    boolean matches(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        return MessageDigest.isEqual(hash, hash(authorization.substring(SCHEME.length())));
    }

    private static byte[] hash(String text) {
        return Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "***";
    }
}
