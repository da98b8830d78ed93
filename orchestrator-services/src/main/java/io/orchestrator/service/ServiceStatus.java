package io.orchestrator.service;

/** How a service stands, from what is stored. */
public enum ServiceStatus {
    /** Being provisioned or restarted. */
    PENDING,
    /** Its container runs, and authenticated calls to it succeeded after it was started. */
    RUNNING,
    /** Its container was stopped or ended. */
    STOPPED,
    /** It could not be provisioned or restarted, or lost its container; the reason is kept. */
    FAILED,
    /** Its node does not answer. */
    UNKNOWN,
    /** Its removal was asked for and goes on. */
    REMOVING,
    /** It is gone for good; only a tombstone is left. */
    REMOVED
}
