package io.orchestrator.crash;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.Desired;
import io.orchestrator.container.RestartPolicy;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;

/** What one caller wants of one container, deed by deed; a deed whose answer it never saw is asked for again. */
final class Wish {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final List<List<Action>> LIVES = List.of(
            List.of(),
            List.of(Action.STOP),
            List.of(Action.REMOVE),
            List.of(Action.RESTART, Action.REMOVE_WITH_VOLUMES),
            List.of(Action.STOP, Action.START),
            List.of(Action.STOP, Action.REMOVE));

    private final String key;
    private final ContainerSpec spec;
    private final Queue<Action> actions;
    private Optional<ContainerId> id = Optional.empty();
    private Desired wanted = Desired.RUNNING;
    private boolean taken;

    Wish(int number, Random random) {
        key = "key-" + number;
        ContainerSpec.Builder builder = ContainerSpec.builder("pulled:" + number % 3)
                .idempotencyKey(key)
                .name("web-" + number)
                .memoryMib(32)
                .restart(RestartPolicy.always());
        if (random.nextInt(3) == 0) {
            builder.publish(80);
        }
        if (random.nextInt(4) == 0) {
            builder.volume("data-" + number, "/data");
        }
        spec = builder.build();
        actions = new ArrayDeque<>(LIVES.get(random.nextInt(LIVES.size())));
    }

    Optional<ContainerId> id() {
        return id;
    }

    Desired wanted() {
        return wanted;
    }

    boolean fulfilled() {
        return id.isPresent() && actions.isEmpty();
    }

    /** Whether a caller may see to it now; {@link #release} gives it back. */
    boolean take() {
        boolean free = !taken && !fulfilled();
        taken |= free;
        return free;
    }

    void release() {
        taken = false;
    }

    /** Asks for the next deed and waits for it; throws if it was refused or nobody knows. */
    void pursue(Orchestrator orchestrator, Invariants invariants) {
        if (id.isEmpty()) {
            ContainerId made =
                    orchestrator.containers().submit(spec).await(PATIENCE).id();
            invariants.launched(key, made.value());
            id = Optional.of(made);
            requireMismatch(orchestrator);
            return;
        }
        Action next = actions.element();
        wanted = switch (next) {
            case STOP -> Desired.STOPPED;
            case START, RESTART -> Desired.RUNNING;
            case REMOVE, REMOVE_WITH_VOLUMES -> Desired.REMOVED;
        };
        Optional<Container> container = orchestrator.containers().find(id.get());
        if (container.isPresent()) {
            container.get().submit(next).await(PATIENCE);
        } else if (wanted != Desired.REMOVED) {
            throw new AssertionError("I2 " + key + " was launched as " + id.get() + " and is not known");
        }
        if (wanted == Desired.REMOVED) {
            invariants.removed(id.get().value());
        }
        actions.remove();
    }

    /** I4: the same key with another request is refused. */
    private void requireMismatch(Orchestrator orchestrator) {
        ContainerSpec other =
                ContainerSpec.builder("other:1").idempotencyKey(key).build();
        try {
            throw new AssertionError("I4 " + key + " answered another request with "
                    + orchestrator.containers().submit(other).id());
        } catch (OrchestratorException refused) {
            if (refused.code() != ErrorCode.IDEMPOTENCY_MISMATCH && refused.code() != ErrorCode.STORE_UNAVAILABLE) {
                throw refused;
            }
        }
    }
}
