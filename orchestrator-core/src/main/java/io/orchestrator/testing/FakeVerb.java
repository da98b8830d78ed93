package io.orchestrator.testing;

/** What can be asked of a fake node, for counting calls and aiming faults. */
public enum FakeVerb {
    PROBE(false),
    LIST(false),
    CREATE(true),
    START(true),
    STOP(true),
    REMOVE(true),
    INSPECT(false),
    LOGS(false),
    EXEC(true),
    IMAGE_ID(false),
    PULL(true),
    CREATE_VOLUME(true),
    VOLUME_LABELS(false),
    REMOVE_VOLUME(true),
    LIST_VOLUMES(false);

    private final boolean changes;

    FakeVerb(boolean changes) {
        this.changes = changes;
    }

    /** Whether it changes something, so that a lost answer leaves its outcome unknown. */
    public boolean changes() {
        return changes;
    }
}
