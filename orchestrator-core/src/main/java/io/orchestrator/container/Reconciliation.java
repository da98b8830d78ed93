package io.orchestrator.container;

import java.util.List;

/**
 * What one comparison of a node with its records led to.
 *
 * @param listed how many containers of this installation the node has
 * @param changed how many records were out of date and now say what the node shows
 * @param driven how many operations were begun to make what is desired so
 * @param swept how many containers were removed because a record proves them deleted
 * @param held how many would have been removed but for the {@link SweepPolicy} or because too many nodes are away
 * @param strays what no record explains, by engine id
 */
public record Reconciliation(int listed, int changed, int driven, int swept, int held, List<Stray> strays) {
    public Reconciliation {
        strays = List.copyOf(strays);
    }
}
