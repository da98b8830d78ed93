package io.orchestrator.container;

import java.nio.charset.StandardCharsets;

/**
 * How a command ended and what it wrote.
 *
 * @param exitCode its exit code
 * @param stdout its standard output, 16 MiB at most
 * @param stderr its standard error, 16 MiB at most
 * @param truncated whether it wrote more than is held here
 */
@SuppressWarnings("ArrayRecordComponent") // plain carrier of output; nobody compares two of them
public record ExecResult(int exitCode, byte[] stdout, byte[] stderr, boolean truncated) {
    /** The standard output as UTF-8. */
    public String stdoutText() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    /** The standard error as UTF-8. */
    public String stderrText() {
        return new String(stderr, StandardCharsets.UTF_8);
    }
}
