package io.orchestrator.testing;

import io.orchestrator.container.PublishedPort;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The containers of one fake node, without any fault. Thread-safe.
 *
 * <p>A container's lock may be held when this one is taken, never the other way round.
 */
final class FakeEngine {
    private final HostRuntime runtime;
    private final Commands commands;
    private final Registry registry;
    private final SplitMix ids;
    private final FakeVolumes volumes = new FakeVolumes();
    private final TreeMap<String, FakeContainer> containers = new TreeMap<>();
    private final TreeMap<Integer, String> ports = new TreeMap<>();
    private final TreeSet<String> images = new TreeSet<>();

    FakeEngine(HostRuntime runtime, Commands commands, Registry registry, long seed) {
        this.runtime = runtime;
        this.commands = commands;
        this.registry = registry;
        this.ids = new SplitMix(seed);
    }

    HostRuntime runtime() {
        return runtime;
    }

    Commands commands() {
        return commands;
    }

    FakeVolumes volumes() {
        return volumes;
    }

    FakeFiles volumeFiles(String volume) {
        return volumes.files(volume);
    }

    synchronized FakeContainer create(CreateRequest request, boolean needsImage) {
        if (find(request.name()).isPresent()) {
            throw new OrchestratorException(
                    ErrorCode.NAME_TAKEN, "the name '" + request.name() + "' is taken on the fake node");
        }
        String image = request.spec().image();
        if (needsImage && !images.contains(image)) {
            throw new OrchestratorException(
                    ErrorCode.IMAGE_NOT_FOUND, "image '" + image + "' is not on the fake node, pull it first");
        }
        request.volumes().values().forEach(volume -> volumes.create(volume, ContainerLabels.ours(request.labels())));
        String id = String.format("%016x%016x", ids.next(), ids.next());
        FakeContainer container = new FakeContainer(this, id, request);
        containers.put(id, container);
        return container;
    }

    synchronized Optional<FakeContainer> find(String idOrName) {
        FakeContainer byId = containers.get(idOrName);
        return byId != null
                ? Optional.of(byId)
                : containers.values().stream()
                        .filter(container -> container.request().name().equals(idOrName))
                        .findFirst();
    }

    /** By engine id only, and only what belongs to the installation. */
    synchronized Optional<FakeContainer> findOwn(String installation, String id) {
        return Optional.ofNullable(containers.get(id)).filter(container -> container.ownedBy(installation));
    }

    FakeContainer own(String installation, String id) {
        return findOwn(installation, id).orElseThrow(() -> OrchestratorException.notFound("container", id));
    }

    synchronized List<FakeContainer> all() {
        return new ArrayList<>(containers.values());
    }

    void remove(FakeContainer container) {
        container.kill(true);
        synchronized (this) {
            containers.remove(container.id());
        }
    }

    synchronized void claimPorts(FakeContainer container) {
        for (PublishedPort port : container.request().ports()) {
            String holder = ports.get(port.hostPort());
            if (holder != null) {
                throw new OrchestratorException(
                        ErrorCode.PORT_TAKEN,
                        "host port " + port.hostPort() + " is used by '" + holder + "' on the fake node");
            }
        }
        container.request().ports().forEach(port -> ports.put(port.hostPort(), container.id()));
    }

    synchronized void releasePorts(FakeContainer container) {
        ports.values().removeAll(Collections.singleton(container.id()));
    }

    synchronized void occupyPort(int port) {
        ports.put(port, "something else");
    }

    synchronized void freePort(int port) {
        ports.remove(port);
    }

    synchronized void addImage(String image) {
        images.add(image);
    }

    synchronized Optional<String> imageId(String image) {
        return images.contains(image)
                ? Optional.of(String.format("sha256:%016x", new SplitMix(image.hashCode()).next()))
                : Optional.empty();
    }

    void pull(String image) {
        if (!registry.has(image)) {
            throw new OrchestratorException(
                    ErrorCode.IMAGE_NOT_FOUND, "image '" + image + "' cannot be pulled to the fake node");
        }
        addImage(image);
    }

    void wipe() {
        all().forEach(this::remove);
        volumes.clear();
        synchronized (this) {
            images.clear();
        }
    }

    /** Under the same lock as a creation, so that no volume goes from under a new container. */
    synchronized void removeVolume(String installation, String volume) {
        if (containers.values().stream()
                .anyMatch(container -> container.request().volumes().containsValue(volume))) {
            throw new OrchestratorException(ErrorCode.CONFLICT, "a container uses volume '" + volume + "'");
        }
        if (volumes.ownedBy(installation).contains(volume)) {
            volumes.remove(volume);
        }
    }
}
