package io.orchestrator.service;

/** What becomes of a service's data when the service is removed. */
public enum VolumePolicy {
    /** Deletes the volume and everything in it. */
    DELETE,
    /** Keeps the volume on its node; it is named as the service's id among the owner's volumes. */
    RETAIN
}
