package io.orchestrator.container;

/** What was last observed of a container. */
public enum ContainerStatus {
    /** Not yet running: stored, placed, being created or started. */
    PENDING,
    /** The engine says that it runs. */
    RUNNING,
    /** It ended, or was stopped. */
    STOPPED,
    /** It could not be made or ended by itself with an error; the reason is kept. */
    FAILED,
    /** Its node does not answer. */
    UNKNOWN,
    /** Its removal was asked for and goes on. */
    REMOVING,
    /** It is gone for good; only a tombstone is left. */
    REMOVED
}
