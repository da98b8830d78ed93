package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.spi.ObservedContainer;
import java.util.Optional;
import java.util.OptionalInt;

/** Turns what an engine shows into what is stored. It never touches what the owner wants. */
final class Observation {
    private Observation() {}

    static StoredContainer of(StoredContainer container, Optional<ObservedContainer> found) {
        if (found.isEmpty()) {
            return container.engineId().isEmpty()
                    ? container
                    : container
                            .nextAttempt()
                            .observed(
                                    container.desired() == Desired.RUNNING
                                            ? ContainerStatus.FAILED
                                            : ContainerStatus.STOPPED)
                            .ended(OptionalInt.empty(), "it is no longer on node '" + container.node() + "'");
        }
        ObservedContainer seen = found.get();
        StoredContainer known = container.engineId(seen.engineId());
        return switch (seen.phase()) {
            case RUNNING -> known.observed(ContainerStatus.RUNNING).ended(OptionalInt.empty(), "");
            case CREATED -> known.observed(ContainerStatus.STOPPED).ended(OptionalInt.empty(), "not started");
            case EXITED -> {
                boolean asked = container.desired() == Desired.STOPPED
                        || seen.exitCode().orElse(-1) == 0;
                yield known.observed(asked ? ContainerStatus.STOPPED : ContainerStatus.FAILED)
                        .ended(seen.exitCode(), reason(seen));
            }
        };
    }

    private static String reason(ObservedContainer seen) {
        String code = seen.exitCode().isPresent()
                ? "exited with code " + seen.exitCode().getAsInt()
                : "exited";
        return seen.reason().isEmpty() ? code : code + ": " + seen.reason();
    }
}
