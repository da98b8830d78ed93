package io.orchestrator.spi;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The ability of a node to keep named volumes. */
public interface VolumeStore {
    /** Makes a volume; one of that name that exists is left as it is, labels included. */
    void createVolume(CallContext call, String name, SortedMap<String, String> labels);

    /** The labels of a volume; empty if there is none of that name. */
    Optional<SortedMap<String, String>> volumeLabels(CallContext call, String name);

    /**
     * Deletes a volume and its data; an unknown name is not an error.
     *
     * @throws OrchestratorException {@link ErrorCode#CONFLICT} if a container uses it
     */
    void removeVolume(CallContext call, String name);

    /** Streams the name of every volume that carries the installation's label. */
    void listVolumes(CallContext call, Consumer<String> sink);
}
