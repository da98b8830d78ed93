package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerId;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.internal.json.Hashes;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ObservedContainer;
import java.util.SortedMap;
import java.util.TreeMap;

/** What things are called on an engine: a function of installation and id alone, never of what a user typed. */
final class EngineNames {
    private final String installation;

    EngineNames(String installation) {
        this.installation = installation;
    }

    String container(ContainerId id) {
        return "orc-" + installation + "-" + id;
    }

    /** A volume belongs to an owner, so the name holds a hash of the owner. */
    String volume(String owner, String volume) {
        return "orc-" + installation + "-" + Hashes.sha256(owner).substring(0, 12) + "-" + volume;
    }

    CreateRequest request(StoredContainer container, long epoch) {
        SortedMap<String, String> labels = new TreeMap<>(container.spec().labels());
        labels.putAll(labels(container, epoch));
        SortedMap<String, String> volumes = new TreeMap<>();
        for (VolumeMount mount : container.spec().volumes()) {
            volumes.put(mount.volume(), volume(container.spec().owner(), mount.volume()));
        }
        return new CreateRequest(container(container.id()), labels, container.spec(), container.ports(), volumes);
    }

    SortedMap<String, String> labels(StoredContainer container, long epoch) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(ContainerLabels.INSTALLATION, installation);
        labels.put(ContainerLabels.ID, container.id().value());
        labels.put(ContainerLabels.OWNER, container.spec().owner());
        labels.put(ContainerLabels.EPOCH, Long.toString(epoch));
        labels.put(ContainerLabels.ATTEMPT, Integer.toString(container.attempt()));
        container.spec().idempotencyKey().ifPresent(key -> labels.put(ContainerLabels.KEY_HASH, Hashes.sha256(key)));
        return labels;
    }

    /** Whether what the engine shows is this container, of whatever attempt. */
    boolean ours(ObservedContainer seen, ContainerId id) {
        return installation.equals(seen.labels().get(ContainerLabels.INSTALLATION))
                && id.value().equals(seen.labels().get(ContainerLabels.ID));
    }

    /** Whether a volume's labels make it this installation's. */
    boolean ours(SortedMap<String, String> volumeLabels) {
        return installation.equals(volumeLabels.get(ContainerLabels.INSTALLATION));
    }
}
