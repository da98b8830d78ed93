package io.orchestrator.node;

/** What is believed of a node. Unreachable is not gone: what runs there is unknown, not dead. */
public enum NodeStatus {
    /** Registered and not yet checked; takes no containers. */
    NEW,
    /** The last probe succeeded. */
    READY,
    /** The last probe failed; takes no new containers. */
    SUSPECT,
    /** Several probes in a row failed; its containers are unknown. */
    UNREACHABLE
}
