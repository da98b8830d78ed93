package io.orchestrator.transport.process;

import io.orchestrator.container.PublishedPort;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ObservedContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The containers on disk. One exists from the moment it holds its name until it releases it: what a crash leaves before
 * and after that is no container and is swept away.
 */
final class Containers {
    private static final Logger LOG = LoggerFactory.getLogger(Containers.class);
    private static final int MAX_META_BYTES = 16 << 20;
    private static final int MAX_REPORTED = 1_000;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Layout layout;
    private final Catalogue catalogue;
    private final HostRuntime runtime;
    private final ProcessTable processes;
    private final NameClaims names;
    private final Set<String> reportedAsDamaged = ConcurrentHashMap.newKeySet();

    Containers(Layout layout, Catalogue catalogue, HostRuntime runtime, ProcessTable processes) {
        this.layout = layout;
        this.catalogue = catalogue;
        this.runtime = runtime;
        this.processes = processes;
        this.names = new NameClaims(layout.names());
    }

    String newId() {
        byte[] random = new byte[16];
        runtime.randomBytes(random);
        return HexFormat.of().formatHex(random);
    }

    String create(CreateRequest request) {
        processes.bootId();
        String name = Layout.safe("name", request.name());
        List<String> argv = catalogue.commandLine(request.spec()).orElseThrow(() -> unknownImage(request));
        String id = newId();
        ContainerHome home = new ContainerHome(layout.containers().resolve(id), id);
        Disk.makeDirectories(home.root());
        boolean created = false;
        try {
            request.spec().user().ifPresent(user -> CurrentUser.require(user, home.root()));
            String json =
                    new Blueprint(request, home, layout.volumes()).meta(argv).toJson();
            if (json.length() > MAX_META_BYTES / 4) {
                throw OrchestratorException.invalid("specification of '" + name + "' is longer than 4 Mi characters");
            }
            Disk.write(home.meta(), json);
            if (!names.claim(name, id)) {
                throw new OrchestratorException(
                        ErrorCode.NAME_TAKEN, "a container named '" + name + "' exists on this node already");
            }
            created = true;
            return id;
        } catch (IOException failure) {
            throw Disk.failed("create of '" + name + "'", failure);
        } finally {
            if (!created) {
                Disk.deleteTree(home.path());
            }
        }
    }

    private static OrchestratorException unknownImage(CreateRequest request) {
        return new OrchestratorException(
                ErrorCode.IMAGE_NOT_FOUND,
                "image '" + request.spec().image() + "' is neither in the catalogue of this dev-process transport nor a"
                        + " bare operating system; add it with DevProcessTransport.builder().image(name, command)");
    }

    /** The home of one of ours that exists. */
    Optional<ContainerHome> ours(String engineId) {
        return layout.ours(engineId).filter(home -> Files.exists(home.meta())).filter(this::holdsItsName);
    }

    private boolean holdsItsName(ContainerHome home) {
        try {
            return read(home)
                    .filter(meta -> names.holds(meta.name(), home.engineId()))
                    .isPresent();
        } catch (OrchestratorException damaged) {
            // it can be removed, and told about, even so
            return true;
        }
    }

    ContainerMeta meta(ContainerHome home) {
        return read(home).orElseThrow(() -> Supervisor.notFound(home));
    }

    void list(CallContext call, Consumer<ObservedContainer> sink) {
        for (Path entry : Disk.entries(layout.containers())) {
            call.check("list");
            layout.ours(entry.getFileName().toString())
                    .flatMap(this::listed)
                    .filter(found -> layout.installation().equals(found.labels().get(ContainerLabels.INSTALLATION)))
                    .ifPresent(sink);
        }
    }

    private Optional<ObservedContainer> listed(ContainerHome home) {
        try {
            Optional<ObservedContainer> found = observe(home);
            if (found.isEmpty()) {
                sweep(home);
            }
            return found;
        } catch (OrchestratorException damaged) {
            if (reportedAsDamaged.size() < MAX_REPORTED && reportedAsDamaged.add(home.engineId())) {
                LOG.warn("container '{}' is skipped: {}", home.engineId(), damaged.getMessage());
            }
            return Optional.empty();
        }
    }

    Optional<ObservedContainer> inspect(String engineIdOrName) {
        Optional<ContainerHome> byId = layout.anyones(engineIdOrName);
        return byId.or(() -> names.holder(engineIdOrName).flatMap(layout::anyones))
                .flatMap(this::observe);
    }

    private Optional<ObservedContainer> observe(ContainerHome home) {
        Optional<ContainerMeta> read = read(home);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        ContainerMeta meta = read.get();
        ContainerHome.Run run = home.observe(processes);
        if (!names.holds(meta.name(), home.engineId())) {
            return Optional.empty();
        }
        return Optional.of(new ObservedContainer(
                home.engineId(),
                meta.name(),
                run.phase(),
                run.exitCode(),
                run.reason(),
                meta.labels(),
                run.running() ? meta.ports() : List.of()));
    }

    /** Deletes what is no container any more, or never became one. */
    private void sweep(ContainerHome home) {
        try {
            Instant changed = Files.getLastModifiedTime(home.path()).toInstant();
            boolean abandoned = changed.plus(ABANDONED).isBefore(runtime.now());
            if (Files.exists(home.removed()) || abandoned) {
                Disk.deleteTree(home.path());
            }
        } catch (NoSuchFileException gone) {
            return;
        } catch (IOException failure) {
            throw Disk.failed("sweeping of '" + home.engineId() + "'", failure);
        }
    }

    /** Gives the name back and deletes the directory. */
    void delete(ContainerHome home) {
        try {
            names.release(home.engineId());
        } catch (IOException failure) {
            throw Disk.failed("remove of '" + home.engineId() + "'", failure);
        }
        Disk.deleteTree(home.path());
    }

    /** Refuses to start while one of the ports is used by anything, a container that does not listen yet included. */
    void checkPorts(String engineId, ContainerMeta meta) {
        for (PublishedPort port : meta.ports()) {
            for (Path entry : Disk.entries(layout.containers())) {
                layout.ours(entry.getFileName().toString())
                        .filter(home -> !home.engineId().equals(engineId))
                        .flatMap(this::listed)
                        .filter(other -> other.ports().stream().anyMatch(used -> clash(used, port)))
                        .ifPresent(other -> {
                            throw new OrchestratorException(
                                    ErrorCode.PORT_TAKEN,
                                    "host port " + port.hostPort() + " is published by container '" + other.engineId()
                                            + "'");
                        });
            }
            HostPorts.check(port);
        }
    }

    private static boolean clash(PublishedPort used, PublishedPort wanted) {
        return used.hostPort() == wanted.hostPort() && used.protocol() == wanted.protocol();
    }

    Optional<String> userOfVolume(String volume) {
        for (Path entry : Disk.entries(layout.containers())) {
            Optional<ContainerHome> user = ours(entry.getFileName().toString()).filter(home -> read(home)
                    .filter(meta -> meta.volumes().contains(volume))
                    .isPresent());
            if (user.isPresent()) {
                return user.map(ContainerHome::engineId);
            }
        }
        return Optional.empty();
    }

    /** What was written down of it; empty if there is no such container. */
    private static Optional<ContainerMeta> read(ContainerHome home) {
        String what = "container '" + home.engineId() + "'";
        try {
            return Disk.read(home.meta(), MAX_META_BYTES).map(text -> ContainerMeta.fromJson(what, text));
        } catch (IOException | IllegalArgumentException damaged) {
            throw new OrchestratorException(
                    ErrorCode.ENGINE_ERROR, what + " cannot be read: " + damaged.getMessage(), damaged);
        }
    }
}
