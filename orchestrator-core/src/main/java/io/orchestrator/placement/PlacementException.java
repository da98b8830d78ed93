package io.orchestrator.placement;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Says that no node can take a container, and why for each node. */
public final class PlacementException extends OrchestratorException {
    private static final long serialVersionUID = 1L;

    private final transient SortedMap<String, String> refusals;

    public PlacementException(SortedMap<String, String> refusals) {
        super(ErrorCode.NO_NODE, describe(refusals));
        this.refusals = Collections.unmodifiableSortedMap(new TreeMap<>(refusals));
    }

    /** For each node id, what it lacked; sorted. Empty if no node is registered. */
    public SortedMap<String, String> refusals() {
        return refusals;
    }

    private static String describe(SortedMap<String, String> refusals) {
        if (refusals.isEmpty()) {
            return "no node is registered; register one first";
        }
        return refusals.entrySet().stream()
                .limit(20)
                .map(refusal -> refusal.getKey() + "=" + refusal.getValue())
                .collect(Collectors.joining(", ", "no node fits: {", refusals.size() > 20 ? ", …}" : "}"));
    }
}
