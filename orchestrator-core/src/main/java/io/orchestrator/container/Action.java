package io.orchestrator.container;

/** What can be asked of a container that was launched. */
public enum Action {
    /** Run it (again). */
    START,
    /** End it and keep it. Replaces a launch or start that is still under way. */
    STOP,
    /** End it and run it again, as a new generation. */
    RESTART,
    /** End it and delete it; named volumes stay. Replaces whatever else is under way. */
    REMOVE,
    /** As {@link #REMOVE}, and deletes its named volumes with their data unless another container uses them. */
    REMOVE_WITH_VOLUMES
}
