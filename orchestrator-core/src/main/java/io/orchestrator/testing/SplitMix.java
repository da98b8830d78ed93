package io.orchestrator.testing;

/** Random numbers that are the same for the same seed (Steele, Lea, Flood 2014). Thread-safe. */
final class SplitMix {
    private long state;

    SplitMix(long seed) {
        state = seed;
    }

    synchronized long next() {
        state += 0x9E3779B97F4A7C15L;
        long mixed = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** 0 up to but not 1. */
    double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }
}
