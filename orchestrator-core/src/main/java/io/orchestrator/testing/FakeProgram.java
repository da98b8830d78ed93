package io.orchestrator.testing;

/**
 * What a process in a fake container does. Called once for each process, on a thread of its own.
 *
 * <p>A program is ended by an unchecked exception from the next thing it asks of its {@link FakeProcess}; it should let
 * that pass. One that asks nothing goes on unseen, but has no effect any more.
 */
@FunctionalInterface
public interface FakeProgram {
    /**
     * Runs the process to its end.
     *
     * @return the exit code, 0 to 255; an exception is written to standard error and ends the process with 1
     */
    int run(FakeProcess process) throws Exception;

    /** A program that does nothing until it is told to end; takes no thread. */
    static FakeProgram idle() {
        return IdleProgram.INSTANCE;
    }
}
