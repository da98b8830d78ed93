package io.orchestrator.operation;

import java.time.Duration;
import java.util.function.Function;

/**
 * One named part of an operation.
 *
 * <p>The action performs at most one remote effect and may run again with the same record after a crash, a lost reply
 * or a retry, so it observes first where the effect is not idempotent. Its outcome is committed before the next step.
 * A thrown {@link OrchestratorException} whose code is retryable is retried with back-off; any other fails the operation,
 * unless {@link OperationType#persistsIn its type persists}.
 *
 * @param name unique within the operation, stable across releases (it is stored): 1 to 128 characters
 * @param phase what the operation's progress shows while the step runs
 * @param timeout how long one run of the step may take
 * @param action what the step does
 */
public record Step(String name, Phase phase, Duration timeout, Function<StepContext, StepOutcome> action) {}
