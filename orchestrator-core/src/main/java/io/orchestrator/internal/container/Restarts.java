package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.RestartPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Since when each container of a node is as it is, on this process's monotonic clock: what back-off is counted from. A host
 * that starts anew counts from then, which only restarts later. Looked at by one thread at a time, explained to any.
 */
final class Restarts {
    /** Never changed once it is here. */
    private volatile Map<String, Since> known = new TreeMap<>();

    private Map<String, Since> next = new TreeMap<>();

    private record Since(long generation, boolean runs, long nanos) {}

    /** What is to be done about a container. */
    enum Due {
        NOTHING,
        /** Its back-off is over. */
        RELAUNCH,
        /** It ran long enough for its restarts to be forgotten. */
        FORGIVE
    }

    /** Looks at a container on its node; each container once in a pass. */
    Due look(StoredContainer container, long now) {
        boolean runs = container.base().observed().equals(ContainerStatus.RUNNING.name());
        boolean counted = runs && container.restarts() > 0;
        if (!counted && !RelaunchOperation.wanted(container)) {
            return Due.NOTHING;
        }
        String id = container.id().value();
        @Nullable Since before = known.get(id);
        Since since = before != null
                        && before.runs == runs
                        && before.generation == container.base().generation()
                ? before
                : new Since(container.base().generation(), runs, now);
        next.put(id, since);
        long age = now - since.nanos;
        if (runs) {
            return age >= RestartPolicy.STABLE.toNanos() ? Due.FORGIVE : Due.NOTHING;
        }
        long delay = container.spec().restart().delay(container.restarts()).toNanos();
        return age >= delay ? Due.RELAUNCH : Due.NOTHING;
    }

    /** How long until the container is started again, at the earliest; counted from its next look if none was had yet. */
    Duration dueIn(StoredContainer container, long now) {
        Duration delay = container.spec().restart().delay(container.restarts());
        @Nullable Since since = known.get(container.id().value());
        if (since == null || since.runs || since.generation != container.base().generation()) {
            return delay;
        }
        Duration left = delay.minusNanos(now - since.nanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Forgets every container that this pass did not look at. */
    void endPass() {
        known = next;
        next = new TreeMap<>();
    }
}
