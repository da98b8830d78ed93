package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;

/**
 * How much may be removed without being asked. Only what a record proves deleted is ever removed; this bounds the harm if the
 * records themselves are wrong.
 *
 * @param dryRun whether to remove nothing and only count
 * @param perMinute how many containers on all nodes together, 0 to 10,000 in a minute
 * @param share of a node's containers, 0 to 1: if more of them are to go, none of them goes; up to {@value #ALWAYS} may
 *     always go, or a small node would never be swept
 */
public record SweepPolicy(boolean dryRun, int perMinute, double share) {
    /** How many containers of a node may go however large their share is. */
    public static final int ALWAYS = 5;

    private static final SweepPolicy DEFAULTS = new SweepPolicy(false, 30, 0.2);

    public SweepPolicy {
        if (perMinute < 0 || perMinute > 10_000 || !(share >= 0 && share <= 1)) {
            throw OrchestratorException.invalid("a sweep of " + perMinute + " per minute and a share of " + share
                    + " is not within 0 to 10000 and 0 to 1");
        }
    }

    /** 30 in a minute, a fifth of a node. */
    public static SweepPolicy defaults() {
        return DEFAULTS;
    }

    /** Counts what would be removed, and removes nothing. */
    public static SweepPolicy dryRunOnly() {
        return new SweepPolicy(true, DEFAULTS.perMinute, DEFAULTS.share);
    }

    /** Whether that many of a node's containers may go together. */
    public boolean allows(int removals, int listed) {
        return removals <= Math.max(ALWAYS, share * listed);
    }
}
