package io.orchestrator.testing;

import io.orchestrator.operation.OrchestratorException;
import java.util.Map;

/** The numbers of the signals that fake processes know. */
final class Signals {
    private static final Map<String, Integer> NUMBERS =
            Map.of("HUP", 1, "INT", 2, "QUIT", 3, "KILL", 9, "USR1", 10, "USR2", 12, "PIPE", 13, "TERM", 15);

    private Signals() {}

    /** The number of a signal named with or without {@code SIG}. */
    static int number(String name) {
        Integer number = NUMBERS.get(name.startsWith("SIG") ? name.substring(3) : name);
        if (number == null) {
            throw OrchestratorException.invalid(
                    "a fake process knows no signal '" + name + "', but " + NUMBERS.keySet());
        }
        return number;
    }
}
