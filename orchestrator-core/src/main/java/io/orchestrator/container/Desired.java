package io.orchestrator.container;

/** What the owner wants of a container. Written only by callers. */
public enum Desired {
    RUNNING,
    STOPPED,
    REMOVED
}
