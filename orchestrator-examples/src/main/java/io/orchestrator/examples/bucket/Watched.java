package io.orchestrator.examples.bucket;

import java.time.Duration;

/**
 * One request on its thread, judged by the {@link PacedPool}. An interrupt is how a blocked read or write of the JDK's server
 * is ended: it closes the connection's channel.
 */
final class Watched {
    private enum Phase {
        HEAD,
        BODY,
        OWN_WORK,
        LINGER
    }

    private final Thread thread = Thread.currentThread();
    private final Pace pace;
    private final long started = System.nanoTime();
    private volatile Phase phase = Phase.HEAD;
    private volatile long phaseStarted = started;
    private volatile long moved = started;
    private volatile long bytes;
    private boolean finished;

    Watched(Pace pace) {
        this.pace = pace;
    }

    /** The head is read; from now on bytes must flow. */
    void body() {
        enter(Phase.BODY);
    }

    /** The service works for itself (syncing, renaming): the client cannot be slow, and must not be interrupted by time. */
    void ownWork() {
        enter(Phase.OWN_WORK);
    }

    /** The answer is sent; what is left of the request is read and dropped. */
    void linger() {
        enter(Phase.LINGER);
    }

    // Only the request's own thread calls this: a plain increment of a volatile loses nothing.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void progress(long count) {
        bytes += count;
        moved = System.nanoTime();
    }

    private void enter(Phase next) {
        long now = System.nanoTime();
        phaseStarted = now;
        moved = now;
        phase = next;
    }

    boolean isTooSlow(long now) {
        return switch (phase) {
            case HEAD -> now - phaseStarted > pace.head().toNanos();
            case BODY -> now - moved > pace.idle().toNanos() || isBelowRate(now - phaseStarted);
            case OWN_WORK -> false;
            case LINGER -> now - phaseStarted > pace.linger().toNanos();
        };
    }

    private boolean isBelowRate(long elapsed) {
        if (elapsed <= pace.grace().toNanos()) {
            return false;
        }
        return (double) bytes / elapsed * Duration.ofSeconds(1).toNanos() < pace.minBytesPerSecond();
    }

    synchronized void interrupt() {
        if (!finished) {
            thread.interrupt();
        }
    }

    /** Ends the watch, and takes back an interrupt that came too late: the thread's next request must not get it. */
    synchronized void finish() {
        finished = true;
        // Clearing is all that is wanted: whether there was one does not matter any more.
        boolean unused = Thread.interrupted();
    }
}
