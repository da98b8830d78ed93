package io.orchestrator.testing;

/** Where a fake process writes. */
interface Sink {
    /** What {@code /dev/null} is. */
    Sink NOWHERE = (writer, bytes, offset, length) -> writer.check();

    /** Writes all of it, waiting for room. */
    void write(Life writer, byte[] bytes, int offset, int length);

    /** One more process holds it open. */
    default void retain() {}

    /** One process fewer holds it open. */
    default void release() {}
}
