package io.orchestrator.node;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a node said of itself when it was last probed.
 *
 * @param engine the engine's name and version, such as {@code docker 20.10.24}
 * @param architecture such as {@code x86_64}
 * @param cpus the number of processors; 0 if unknown
 * @param memoryMib the size of memory in MiB; 0 if unknown
 * @param abilities what it can do beyond the basic verbs, such as {@code exec} or {@code logs}, sorted
 */
public record NodeReport(String engine, String architecture, int cpus, long memoryMib, Set<String> abilities) {
    public NodeReport {
        abilities = Collections.unmodifiableSortedSet(new TreeSet<>(abilities));
    }
}
