package io.orchestrator.operation;

/** How far an operation has come, in the words a person would use. Not every operation passes every phase. */
public enum Phase {
    /** The intent is durable; nothing was done yet. */
    QUEUED,
    /** A node was chosen and its ports and capacity are reserved. */
    PLACED,
    /** The node fetches the image. */
    PULLING,
    /** The engine made the container; it does not run yet. */
    CREATED,
    /** The engine was told to start it. */
    STARTED,
    /** A stop was asked for. */
    STOPPING,
    /** A removal was asked for. */
    REMOVING,
    /** A failed operation takes back what it made. */
    CLEANING_UP,
    /** The wish is fulfilled. */
    READY,
    /** The operation ended without fulfilling the wish. */
    FAILED
}
