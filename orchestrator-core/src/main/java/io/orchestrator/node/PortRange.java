package io.orchestrator.node;

import io.orchestrator.operation.OrchestratorException;

/**
 * The host ports that may be given to containers.
 *
 * @param first the lowest, 1024 or above
 * @param last the highest, 65535 or below
 */
public record PortRange(int first, int last) {
    /** The range of a node that names none. */
    public static final PortRange DEFAULT = new PortRange(20_000, 29_999);

    public PortRange {
        if (first < 1024 || last > 65_535 || first > last) {
            throw OrchestratorException.invalid("port range " + first + "-" + last + " is not within 1024-65535");
        }
    }

    /** How many ports the range holds. */
    public int size() {
        return last - first + 1;
    }

    /** Whether the port lies in the range. */
    public boolean contains(int port) {
        return port >= first && port <= last;
    }
}
