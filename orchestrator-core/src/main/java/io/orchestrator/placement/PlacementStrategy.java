package io.orchestrator.placement;

import io.orchestrator.container.ContainerSpec;
import java.util.Comparator;
import java.util.List;

/**
 * Chooses among the nodes that can take a container. Stateless and thread-safe; the same input gives the same choice.
 */
@FunctionalInterface
public interface PlacementStrategy {
    /**
     * Chooses one of the candidates.
     *
     * @param feasible at least one, sorted by node id; every one passed the built-in filters
     */
    Candidate choose(ContainerSpec spec, List<Candidate> feasible);

    /** The first by id, as the original system did. */
    static PlacementStrategy firstHealthy() {
        return (spec, feasible) -> feasible.get(0);
    }

    /** The one that holds the fewest containers, then the one with the least memory reserved. */
    static PlacementStrategy spread() {
        Comparator<Candidate> emptiest =
                Comparator.comparingInt(Candidate::containers).thenComparingLong(Candidate::reservedMemoryMib);
        return (spec, feasible) -> feasible.stream().min(emptiest).orElseThrow();
    }
}
