package io.orchestrator.examples.bucket;

import java.time.Duration;

/**
 * The time a client may take.
 *
 * @param head for a whole request head, from its first byte
 * @param idle between two pieces of a body that is being received or sent
 * @param grace before a body's mean rate is judged
 * @param minBytesPerSecond the mean rate below which a body is given up after the grace
 * @param linger after an answer, for reading the rest of a body that is not wanted
 * @param stop for bodies in flight when the service is told to stop
 */
record Pace(Duration head, Duration idle, Duration grace, long minBytesPerSecond, Duration linger, Duration stop) {
    static Pace standard() {
        return new Pace(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                1024,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3));
    }
}
