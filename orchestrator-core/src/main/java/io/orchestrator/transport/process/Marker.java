package io.orchestrator.transport.process;

/**
 * The environment variables by which our processes are known, wherever they fork to.
 *
 * <p>They are read back from {@code /proc/<pid>/environ}, which shows what a program was started with.
 */
final class Marker {
    /** {@code <engine id>:<run>}: belongs to a run of a container. */
    static final String CONTAINER = "ORCHESTRATOR_CONTAINER";
    /** {@code <engine id>:<run>}: writes the output of a run to its files. */
    static final String OUTPUT = "ORCHESTRATOR_OUTPUT";
    /** 128 random bits: belongs to a session. */
    static final String SESSION = "ORCHESTRATOR_TERMINAL";
    /** {@code <pid>:<start time>} of the JVM that holds the session. */
    static final String HOLDER = "ORCHESTRATOR_HOLDER";

    private Marker() {}

    static String run(String engineId, int run) {
        return engineId + ":" + run;
    }

    static boolean isOurs(String variable) {
        return variable.equals(CONTAINER)
                || variable.equals(OUTPUT)
                || variable.equals(SESSION)
                || variable.equals(HOLDER);
    }
}
