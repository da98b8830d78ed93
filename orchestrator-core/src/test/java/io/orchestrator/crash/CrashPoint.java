package io.orchestrator.crash;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * A control plane's death: at the n-th effect (a commit, or a verb that changes a node), before it or after it. From
 * then on nothing of that control plane has any effect, as if its process had been killed.
 */
final class CrashPoint {
    private final int at;
    private final boolean after;
    private final List<String> reached = new ArrayList<>();
    private boolean dead;

    /** @param at from 1; 0 for a control plane that lives */
    CrashPoint(int at, boolean after) {
        this.at = at;
        this.after = after;
    }

    synchronized <T> T effect(String name, Supplier<T> effect) {
        alive();
        reached.add(name);
        boolean here = reached.size() == at;
        if (here && !after) {
            dead = true;
            throw halted();
        }
        try {
            T result = effect.get();
            if (here) {
                throw halted();
            }
            return result;
        } finally {
            // a verb that was refused has also been sent
            dead = dead || here;
        }
    }

    synchronized <T> T read(Supplier<T> read) {
        alive();
        return read.get();
    }

    synchronized boolean dead() {
        return dead;
    }

    @Override
    public synchronized String toString() {
        return "killed " + (after ? "after" : "before") + " effect " + at + " of " + reached;
    }

    private void alive() {
        if (dead) {
            throw halted();
        }
    }

    private static OrchestratorException halted() {
        return new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "this control plane was killed");
    }
}
