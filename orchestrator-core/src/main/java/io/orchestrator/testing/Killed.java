package io.orchestrator.testing;

/** Unwinds the thread of a fake process that has ended. */
final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Killed() {
        super("the fake process was ended", null, false, false);
    }
}
