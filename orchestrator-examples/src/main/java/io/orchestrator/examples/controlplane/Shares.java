package io.orchestrator.examples.controlplane;

import java.util.HashMap;
import java.util.Map;

/** Something scarce, of which each caller gets a part at most: whoever takes all of its part leaves some for others. */
final class Shares {
    private final String what;
    private final long most;
    private final long mostForOne;
    /** Only callers that hold something now. */
    private final Map<String, Long> held = new HashMap<>();

    private long taken;

    /** What was taken; closing it gives it back, once. */
    interface Share extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * All of it is free.
     *
     * @param what such as "transfers", for the sentence that refuses
     */
    Shares(String what, long most, long mostForOne) {
        this.what = what;
        this.most = most;
        this.mostForOne = mostForOne;
    }

    /** Takes some, or ends the request with 503. */
    synchronized Share take(Principal caller, long amount) {
        long before = held.getOrDefault(caller.name(), 0L);
        if (amount > mostForOne - before) {
            throw refusal("you have as many " + what + " under way as one caller may");
        }
        if (amount > most - taken) {
            throw refusal("as many " + what + " are under way as this server allows");
        }
        taken += amount;
        held.put(caller.name(), before + amount);
        boolean[] closed = new boolean[1];
        return () -> {
            synchronized (this) {
                if (!closed[0]) {
                    closed[0] = true;
                    giveBack(caller.name(), amount);
                }
            }
        };
    }

    /** How much is taken now, by all callers. */
    synchronized long taken() {
        return taken;
    }

    private void giveBack(String caller, long amount) {
        taken -= amount;
        held.computeIfPresent(caller, (name, before) -> before == amount ? null : before - amount);
    }

    private static ApiException refusal(String why) {
        return ApiException.of(503, why, "Retry-After", "5");
    }
}
