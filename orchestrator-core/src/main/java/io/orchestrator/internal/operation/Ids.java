package io.orchestrator.internal.operation;

import io.orchestrator.spi.HostRuntime;

/** Makes ids that sort by time: 10 characters of milliseconds and 16 of randomness, in base 32. */
public final class Ids {
    private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    private Ids() {}

    /** A new id of 26 characters. */
    public static String next(HostRuntime runtime) {
        byte[] random = new byte[16];
        runtime.randomBytes(random);
        char[] id = new char[26];
        long millis = runtime.now().toEpochMilli();
        for (int i = 9; i >= 0; i--) {
            id[i] = DIGITS[(int) (millis & 31)];
            millis >>>= 5;
        }
        for (int i = 0; i < 16; i++) {
            id[10 + i] = DIGITS[random[i] & 31];
        }
        return new String(id);
    }
}
