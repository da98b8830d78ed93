package io.orchestrator.testing;

/** Where a fake process reads. */
interface Source {
    /** At its end from the beginning. */
    Source NOTHING = (reader, target, offset, length) -> -1;

    /** Waits for at least one byte and returns how many were read, or -1 at the end. */
    int read(Life reader, byte[] target, int offset, int length);
}
