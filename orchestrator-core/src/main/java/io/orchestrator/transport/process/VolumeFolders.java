package io.orchestrator.transport.process;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.internal.json.Json;
import io.orchestrator.spi.ContainerLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Named volumes as directories: {@code <name>/labels.json} and {@code <name>/data/}. */
final class VolumeFolders {
    private static final int MAX_LABELS_BYTES = 4 << 20;

    private final Path volumes;
    private final Supplier<String> unique;

    VolumeFolders(Path volumes, Supplier<String> unique) {
        this.volumes = volumes;
        this.unique = unique;
    }

    static Path data(Path volumes, String name) {
        return volumes.resolve(name).resolve("data");
    }

    Path data(String name) {
        return data(volumes, name);
    }

    /** Makes a volume as a whole; leaves one that is there. */
    void create(String name, SortedMap<String, String> labels) throws IOException {
        Path place = volumes.resolve(name);
        if (Files.exists(place)) {
            return;
        }
        Path prepared = volumes.resolve(".new-" + unique.get());
        Disk.makeDirectories(prepared.resolve("data"));
        try {
            ObjectNode json = Json.object();
            Json.put(json, "labels", labels);
            Disk.write(prepared.resolve("labels.json"), Json.write(json));
            Files.move(prepared, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException refused) {
            if (!Files.exists(place)) {
                throw refused;
            }
        } finally {
            Disk.deleteTree(prepared);
        }
    }

    Optional<SortedMap<String, String>> labels(String name) throws IOException {
        return Disk.read(volumes.resolve(name).resolve("labels.json"), MAX_LABELS_BYTES)
                .map(text -> Json.map(Json.read("volume '" + name + "'", text), "labels"));
    }

    /** Deletes a volume; it is gone at once, even if the deleting of its data is cut short. */
    void remove(String name) throws IOException {
        Path doomed = volumes.resolve(".removed-" + unique.get());
        if (Files.exists(volumes.resolve(name))) {
            try {
                Files.move(volumes.resolve(name), doomed, StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException raced) {
                return;
            }
        }
        for (Path entry : Disk.entries(volumes)) {
            if (entry.getFileName().toString().startsWith(".removed-")) {
                Disk.deleteTree(entry);
            }
        }
    }

    void list(String installation, Consumer<String> sink) throws IOException {
        for (Path entry : Disk.entries(volumes)) {
            String name = entry.getFileName().toString();
            if (!name.startsWith(".")
                    && labels(name)
                            .filter(labels -> installation.equals(labels.get(ContainerLabels.INSTALLATION)))
                            .isPresent()) {
                sink.accept(name);
            }
        }
    }
}
