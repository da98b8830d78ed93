package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What the service is told by its environment; a setting that makes no sense stops the start with a sentence. */
record BucketSettings(InetSocketAddress address, Path data, BearerToken token, Quota quota, Pace pace) {
    private static final long GIB = 1L << 30;
    private static final long MAX_TOKEN_FILE_BYTES = 4096;

    static BucketSettings of(Map<String, String> environment) {
        var quota = new Quota(
                number(environment, "MAX_OBJECT_BYTES", 5 * GIB, Long.MAX_VALUE),
                number(environment, "MAX_TOTAL_BYTES", 64 * GIB, Long.MAX_VALUE),
                Runtime.getRuntime().maxMemory() / 4);
        var address = new InetSocketAddress(
                environment.getOrDefault("BIND_ADDRESS", "0.0.0.0"), (int) number(environment, "PORT", 8000, 65_535));
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("BIND_ADDRESS '" + address.getHostString() + "' is not an address");
        }
        var data = Path.of(environment.getOrDefault("DATA_DIR", "/data"));
        return new BucketSettings(address, data, token(environment), quota, Pace.standard());
    }

    BucketSettings withPace(Pace other) {
        return new BucketSettings(address, data, token, quota, other);
    }

    private static long number(Map<String, String> environment, String name, long otherwise, long max) {
        String text = environment.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is '" + text + "', which is not a number", e);
        }
        throw new IllegalArgumentException(name + " is '" + text + "', must be from 0 to " + max);
    }

    private static BearerToken token(Map<String, String> environment) {
        String value = environment.get("BUCKET_TOKEN");
        String file = environment.get("BUCKET_TOKEN_FILE");
        if (value != null && file == null) {
            return BearerToken.of(value);
        }
        if (value == null && file != null) {
            return BearerToken.of(read(Path.of(file)));
        }
        throw new IllegalArgumentException("set exactly one of BUCKET_TOKEN and BUCKET_TOKEN_FILE");
    }

    private static String read(Path file) {
        try {
            if (Files.size(file) > MAX_TOKEN_FILE_BYTES) {
                throw new IllegalArgumentException("BUCKET_TOKEN_FILE '" + file + "' is too large for a token");
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("BUCKET_TOKEN_FILE '" + file + "' cannot be read", e);
        }
    }
}
