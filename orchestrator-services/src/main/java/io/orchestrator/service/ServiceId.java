package io.orchestrator.service;

import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The id of a service: its kind, a hyphen and 32 hexadecimal digits, such as {@code bucket-019ab3…}.
 *
 * <p>The kind is part of it, so that an id alone says where to look. The first 12 digits are milliseconds, so that ids of a
 * kind sort by time of launch; the other 20 are 80 random bits, so that nobody meets an id by trying.
 *
 * @param value the whole id, safe in URLs and engine names
 */
public record ServiceId(String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-z]{1,20}-[0-9a-f]{32}");
    private static final int RANDOM_BYTES = 10;

    public ServiceId {
        if (value.length() > 53 || !SHAPE.matcher(value).matches()) {
            throw OrchestratorException.invalid(
                    "service id of " + value.length() + " characters is not of the form " + SHAPE);
        }
    }

    public static ServiceId of(String value) {
        return new ServiceId(value);
    }

    static ServiceId next(String kind, HostRuntime runtime) {
        byte[] random = new byte[RANDOM_BYTES];
        runtime.randomBytes(random);
        HexFormat hex = HexFormat.of();
        return new ServiceId(kind + "-" + hex.toHexDigits(runtime.now().toEpochMilli(), 12) + hex.formatHex(random));
    }

    /** The service's kind, such as {@code bucket}. */
    public String kind() {
        return value.substring(0, value.indexOf('-'));
    }

    @Override
    public String toString() {
        return value;
    }
}
