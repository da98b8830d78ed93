package io.orchestrator.container;

import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;

/**
 * Whether a container that is desired to run and does not is started again without being asked. A stop by its owner is never
 * undone. The engine's own restart policy is always {@code no}.
 *
 * <p>The first restart comes 10 s after the end was seen, each further one twice as late, 5 min at most. A container that ran
 * for 10 min begins anew with 10 s and its full budget, and so does one that its owner starts.
 *
 * @param when after which ends
 * @param budget how many restarts in a row at most, 0 to 1,000,000
 */
public record RestartPolicy(When when, int budget) {
    private static final int MOST = 1_000_000;
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /** How long a container must run until earlier restarts no longer count. */
    public static final Duration STABLE = Duration.ofMinutes(10);

    /** After which ends a container is started again. */
    public enum When {
        /** After none. */
        NEVER,
        /** When it ended with another code than 0, vanished from its node, or could not be restarted. */
        ON_FAILURE,
        /** Whenever it does not run. */
        ALWAYS
    }

    public RestartPolicy {
        if (budget < 0 || budget > MOST) {
            throw OrchestratorException.invalid("a budget of " + budget + " restarts is not 0 to " + MOST);
        }
    }

    /** It stays as it is; the default. */
    public static RestartPolicy never() {
        return new RestartPolicy(When.NEVER, 0);
    }

    /** Started again when it failed, that many times in a row. */
    public static RestartPolicy onFailure(int budget) {
        return new RestartPolicy(When.ON_FAILURE, budget);
    }

    /** Started again however it ended, without end. */
    public static RestartPolicy always() {
        return new RestartPolicy(When.ALWAYS, MOST);
    }

    /** Whether a container in that state is to be started once more after that many restarts. */
    public boolean applies(ContainerStatus status, long restarts) {
        boolean ended = status == ContainerStatus.FAILED || (when == When.ALWAYS && status == ContainerStatus.STOPPED);
        return when != When.NEVER && ended && restarts < budget;
    }

    /** How long after its end a container is started again that was restarted that often. */
    public Duration delay(long restarts) {
        Duration delay = FIRST.multipliedBy(1L << Math.min(10, restarts));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }
}
