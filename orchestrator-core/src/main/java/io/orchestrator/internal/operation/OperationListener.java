package io.orchestrator.internal.operation;

import io.orchestrator.operation.Phase;
import java.time.Duration;

/** Hears how operations end. Called on the driving thread; must not block. */
@FunctionalInterface
public interface OperationListener {
    /** One operation ended as {@link Phase#READY} or {@link Phase#FAILED}, so long after this process took it up. */
    void ended(String type, Phase outcome, Duration took);
}
