package io.orchestrator.spi;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.PublishedPort;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a node is told to create.
 *
 * @param name the engine name, derived from the installation and the id
 * @param labels the labels that make it ours, and the user's own; sorted
 * @param spec what the user asked; its ports, display name and volume names are replaced by the following
 * @param ports each port with the host address and port reserved for it
 * @param volumes for each of the specification's volume names, the engine's volume name; sorted
 */
public record CreateRequest(
        String name,
        SortedMap<String, String> labels,
        ContainerSpec spec,
        List<PublishedPort> ports,
        SortedMap<String, String> volumes) {
    public CreateRequest {
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
        ports = List.copyOf(ports);
        volumes = Collections.unmodifiableSortedMap(new TreeMap<>(volumes));
    }
}
