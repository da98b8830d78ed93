package io.orchestrator.spi;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The labels by which a container or volume is known as ours. They never change after it was made. */
public final class ContainerLabels {
    /** The name of the installation that owns it. */
    public static final String INSTALLATION = "io.orchestrator.installation";
    /** The container's id, or for a volume the id of the container whose launch made it. */
    public static final String ID = "io.orchestrator.id";
    /** The tenant. */
    public static final String OWNER = "io.orchestrator.owner";
    /** The epoch of the control plane that made it. */
    public static final String EPOCH = "io.orchestrator.epoch";
    /** Which attempt of the launch made it, from 1. */
    public static final String ATTEMPT = "io.orchestrator.attempt";
    /** A hash of the idempotency key. */
    public static final String KEY_HASH = "io.orchestrator.key-hash";

    private static final List<String> KEYS = List.of(INSTALLATION, ID, OWNER, EPOCH, ATTEMPT, KEY_HASH);

    private ContainerLabels() {}

    /** Those of a container's labels that are named here: the ones for a volume that a node makes for it. */
    public static SortedMap<String, String> ours(SortedMap<String, String> labels) {
        SortedMap<String, String> ours = new TreeMap<>(labels);
        ours.keySet().retainAll(KEYS);
        return ours;
    }
}
