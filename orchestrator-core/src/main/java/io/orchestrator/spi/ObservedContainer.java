package io.orchestrator.spi;

import io.orchestrator.container.PublishedPort;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an engine says of a container.
 *
 * @param engineId the engine's id
 * @param name the engine name
 * @param phase where it is in its life
 * @param exitCode how it ended; present only when exited
 * @param reason what the engine adds, such as an error of its start or that memory ran out; may be empty
 * @param labels all labels, sorted
 * @param ports the ports that are really mapped; may be empty when it does not run, and in listings
 */
public record ObservedContainer(
        String engineId,
        String name,
        Phase phase,
        OptionalInt exitCode,
        String reason,
        SortedMap<String, String> labels,
        List<PublishedPort> ports) {
    /** Where a container is in its life. */
    public enum Phase {
        /** Made and never started. */
        CREATED,
        /** Its first process runs; paused and restarting count as running. */
        RUNNING,
        /** Its first process ended. */
        EXITED
    }

    public ObservedContainer {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = List.copyOf(ports);
    }

    public boolean running() {
        return phase == Phase.RUNNING;
    }
}
