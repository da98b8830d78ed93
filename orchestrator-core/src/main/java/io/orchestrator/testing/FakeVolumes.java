package io.orchestrator.testing;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The named volumes of a fake node. Thread-safe. */
final class FakeVolumes {
    private record Volume(SortedMap<String, String> labels, FakeFiles files) {}

    private final TreeMap<String, Volume> volumes = new TreeMap<>();

    synchronized void create(String name, SortedMap<String, String> labels) {
        volumes.putIfAbsent(
                name, new Volume(Collections.unmodifiableSortedMap(new TreeMap<>(labels)), new FakeFiles()));
    }

    synchronized Optional<SortedMap<String, String>> labels(String name) {
        return Optional.ofNullable(volumes.get(name)).map(Volume::labels);
    }

    synchronized void remove(String name) {
        volumes.remove(name);
    }

    synchronized void clear() {
        volumes.clear();
    }

    synchronized List<String> ownedBy(String installation) {
        return volumes.entrySet().stream()
                .filter(entry -> installation.equals(entry.getValue().labels().get(ContainerLabels.INSTALLATION)))
                .map(Map.Entry::getKey)
                .toList();
    }

    synchronized FakeFiles files(String name) {
        Volume volume = volumes.get(name);
        if (volume == null) {
            throw new OrchestratorException(ErrorCode.ENGINE_ERROR, "the fake node has no volume '" + name + "'");
        }
        return volume.files();
    }
}
