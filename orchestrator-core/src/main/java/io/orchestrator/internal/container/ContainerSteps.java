package io.orchestrator.internal.container;

import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.internal.node.Ledger;
import io.orchestrator.internal.node.Nodes;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Phase;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepContext;
import io.orchestrator.operation.StepOutcome;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.VolumeStore;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * The steps that container operations are lists of. <b>This is where a launch happens.</b>
 *
 * <p>Each step works on the record as stored and on what the engine shows, and has one remote effect at most. A
 * container is found by its name only until its engine id is stored; it is started, stopped and removed by engine id.
 */
final class ContainerSteps {
    static final String CREATE = "create";
    static final String PULL = "pull";
    static final String DISCARD = "discard";
    static final String START = "start";
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration PULL_TIMEOUT = Duration.ofMinutes(10);
    private static final int MAX_ATTEMPTS = 5;
    private static final Set<ErrorCode> NOTHING_MADE = EnumSet.of(
            ErrorCode.INVALID_ARGUMENT, ErrorCode.NODE_UNREACHABLE, ErrorCode.NO_SPACE, ErrorCode.UNSUPPORTED);

    private final Nodes nodes;
    private final EngineNames names;
    private final PortChooser ports;
    private final VolumeUsers volumeUsers;

    ContainerSteps(Nodes nodes, EngineNames names, PortChooser ports, VolumeUsers volumeUsers) {
        this.nodes = nodes;
        this.names = names;
        this.ports = ports;
        this.volumeUsers = volumeUsers;
    }

    /**
     * Makes a named volume unless it is there.
     *
     * @param claim whether it is to be taken back if the operation fails
     */
    Step createVolume(String volume, boolean claim) {
        return new Step("volume:" + volume, Phase.PLACED, CALL, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            String name = names.volume(container.spec().owner(), volume);
            VolumeStore volumes = volumes(container);
            Optional<SortedMap<String, String>> labels = volumes.volumeLabels(context.call(), name);
            if (labels.isEmpty()) {
                volumes.createVolume(context.call(), name, names.labels(container, epoch(context)));
            } else if (!names.ours(labels.get())) {
                return StepOutcome.fail(
                        ErrorCode.NAME_TAKEN, "volume '" + name + "' on node '" + container.node() + "' is not ours");
            } else if (!madeBy(container, labels.get())) {
                return StepOutcome.next(context.record());
            }
            return StepOutcome.next(claim ? container.madeVolume(volume).record() : context.record());
        });
    }

    /** Makes the container, or finds the one that an earlier run of this step made. */
    Step create() {
        return new Step(CREATE, Phase.PLACED, CALL, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            if (container.engineId().isPresent()) {
                return StepOutcome.next(context.record());
            }
            try {
                String engineId = transport(container).create(context.call(), names.request(container, epoch(context)));
                return StepOutcome.next(container.engineId(engineId).record());
            } catch (OrchestratorException failure) {
                return afterFailedCreate(context, container, failure);
            }
        });
    }

    private StepOutcome afterFailedCreate(
            StepContext context, StoredContainer container, OrchestratorException failure) {
        if (failure.code() == ErrorCode.IMAGE_NOT_FOUND) {
            return container.pulled()
                            || transport(container).as(ImageStore.class).isEmpty()
                    ? StepOutcome.fail(failure.code(), String.valueOf(failure.getMessage()))
                    : StepOutcome.jump(PULL, context.record());
        }
        if (NOTHING_MADE.contains(failure.code())) {
            throw failure;
        }
        // whatever else the engine said, only a look at the name tells what is there
        Optional<ObservedContainer> seen = byName(context.call(), container);
        if (seen.isEmpty()) {
            throw failure;
        }
        if (!names.ours(seen.get(), container.id())) {
            return StepOutcome.fail(
                    ErrorCode.NAME_TAKEN,
                    "node '" + container.node() + "' has a container named '"
                            + seen.get().name() + "' that is not ours; it was left alone, remove or rename it");
        }
        if (attempt(seen.get()) == container.attempt()) {
            return StepOutcome.next(container.engineId(seen.get().engineId()).record());
        }
        return StepOutcome.jump(
                DISCARD, container.engineId(seen.get().engineId()).record());
    }

    /** Fetches the image; entered only when a create found it missing. */
    Step pull() {
        return new Step(PULL, Phase.PULLING, PULL_TIMEOUT, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            transport(container)
                    .as(ImageStore.class)
                    .orElseThrow()
                    .pull(context.call(), container.spec().image(), context::progress);
            return StepOutcome.jump(CREATE, container.markPulled().record());
        });
    }

    /** Removes a container that cannot be used, then creates another; entered only when ports or attempts clashed. */
    Step discard() {
        return new Step(DISCARD, Phase.CREATED, CALL, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            remove(context.call(), container);
            return StepOutcome.jump(CREATE, container.nextAttempt().record());
        });
    }

    /** Starts the container by its engine id and verifies what runs. */
    Step start() {
        return new Step(START, Phase.STARTED, CALL, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            String engineId = container.engineId().orElseThrow();
            try {
                transport(container).start(context.call(), engineId);
            } catch (OrchestratorException failure) {
                if (failure.code() == ErrorCode.PORT_TAKEN) {
                    return otherPorts(container, failure);
                }
                if (failure.code() == ErrorCode.NOT_FOUND) {
                    return again(container, failure);
                }
                throw failure;
            }
            ObservedContainer seen =
                    transport(container).inspect(context.call(), engineId).orElse(null);
            if (seen == null) {
                return again(container, OrchestratorException.notFound("container on the engine", engineId));
            }
            if (seen.running() && !seen.ports().containsAll(container.ports())) {
                return otherPorts(
                        container,
                        new OrchestratorException(ErrorCode.PORT_TAKEN, "its ports were not published as asked"));
            }
            return StepOutcome.next(
                    Observation.of(container.keepVolumes(), Optional.of(seen)).record());
        });
    }

    private StepOutcome otherPorts(StoredContainer container, OrchestratorException failure) {
        boolean chosenByUs = container.spec().ports().stream().allMatch(port -> port.hostPort() == 0);
        if (!chosenByUs) {
            return StepOutcome.fail(ErrorCode.PORT_TAKEN, String.valueOf(failure.getMessage()));
        }
        if (container.attempt() >= MAX_ATTEMPTS) {
            return StepOutcome.fail(
                    ErrorCode.PORTS_EXHAUSTED,
                    MAX_ATTEMPTS + " choices of host ports on node '" + container.node() + "' were all in use: "
                            + failure.getMessage());
        }
        Set<Integer> avoid = new HashSet<>();
        container.ports().forEach(port -> avoid.add(port.hostPort()));
        List<PublishedPort> others = ports.choose(
                container.spec(), nodes.state(container.node()).orElseThrow().spec(), true, avoid);
        return StepOutcome.jump(DISCARD, container.ports(others).record());
    }

    private static StepOutcome again(StoredContainer container, OrchestratorException failure) {
        return container.attempt() >= MAX_ATTEMPTS
                ? StepOutcome.fail(ErrorCode.ENGINE_ERROR, "it vanished again and again: " + failure.getMessage())
                : StepOutcome.jump(CREATE, container.nextAttempt().record());
    }

    /** Ends the container; it stays on the engine. */
    Step stop(StoredContainer of) {
        Duration grace = of.spec().stopGrace();
        return new Step("stop", Phase.STOPPING, CALL.plus(grace), context -> {
            StoredContainer container = StoredContainer.read(context.record());
            Optional<ObservedContainer> seen = find(context.call(), container);
            if (seen.isPresent() && seen.get().running()) {
                transport(container).stop(context.call(), seen.get().engineId(), grace);
                seen = transport(container).inspect(context.call(), seen.get().engineId());
                if (seen.filter(ObservedContainer::running).isPresent()) {
                    throw new OrchestratorException(
                            ErrorCode.OUTCOME_UNKNOWN,
                            "container '" + container.id() + "' still runs on node '" + container.node()
                                    + "' after it was stopped");
                }
            }
            return StepOutcome.next(Observation.of(container, seen)
                    .observed(ContainerStatus.STOPPED)
                    .record());
        });
    }

    /** Kills and deletes the container. */
    Step remove() {
        return new Step("remove", Phase.REMOVING, CALL, context -> {
            remove(context.call(), StoredContainer.read(context.record()));
            return StepOutcome.next(context.record());
        });
    }

    /** Deletes a volume with its data, unless it is not ours or another container uses it. */
    Step removeVolume(String volume) {
        return new Step("remove-volume:" + volume, Phase.REMOVING, CALL, context -> {
            removeVolume(context.call(), StoredContainer.read(context.record()), volume, names::ours);
            return StepOutcome.next(context.record());
        });
    }

    /** Deletes a volume that a launch made, unless another container was launched with it meanwhile: its data stays. */
    Step takeBackVolume(String volume) {
        return new Step("take-back-volume:" + volume, Phase.REMOVING, CALL, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            if (!volumeUsers.otherThan(container, volume)) {
                removeVolume(context.call(), container, volume, labels -> madeBy(container, labels));
            }
            return StepOutcome.next(context.record());
        });
    }

    private boolean madeBy(StoredContainer container, SortedMap<String, String> volumeLabels) {
        return names.ours(volumeLabels) && container.id().value().equals(volumeLabels.get(ContainerLabels.ID));
    }

    private void removeVolume(
            CallContext call,
            StoredContainer container,
            String volume,
            Predicate<SortedMap<String, String>> deletable) {
        if (nodes.state(container.node()).isEmpty()) {
            // a machine that was removed took its volumes along
            return;
        }
        VolumeStore volumes = volumes(container);
        String engineName = names.volume(container.spec().owner(), volume);
        if (volumes.volumeLabels(call, engineName).filter(deletable).isEmpty()) {
            return;
        }
        try {
            volumes.removeVolume(call, engineName);
        } catch (OrchestratorException failure) {
            if (failure.code() != ErrorCode.CONFLICT) {
                throw failure;
            }
        }
    }

    /** Keeps the record as a tombstone and gives back what it held; no remote effect. */
    Step bury() {
        return new Step("bury", Phase.REMOVING, CALL, context -> {
            StoredContainer container = StoredContainer.read(context.record());
            if (container.removed()) {
                return StepOutcome.next(context.record());
            }
            ResourceRecord tombstone = container
                    .releaseKeys(true)
                    .observed(ContainerStatus.REMOVED)
                    .ended(OptionalInt.empty(), "removed")
                    .record();
            StepOutcome outcome = StepOutcome.next(tombstone);
            // a failed launch gave its reservation back already
            return container.failure().isPresent() ? outcome : release(outcome, container);
        });
    }

    StepOutcome release(StepOutcome outcome, StoredContainer container) {
        return outcome.also(
                Ledger.key(container.node()), Ledger.release(container.spec().limits()));
    }

    private void remove(CallContext call, StoredContainer container) {
        find(call, container).ifPresent(seen -> transport(container).remove(call, seen.engineId()));
    }

    /** This container on its engine, by engine id or else by name; what is not ours is not found. */
    private Optional<ObservedContainer> find(CallContext call, StoredContainer container) {
        Optional<ObservedContainer> seen = container.engineId().isPresent()
                ? transport(container).inspect(call, container.engineId().get())
                : byName(call, container);
        return seen.filter(found -> names.ours(found, container.id()));
    }

    private Optional<ObservedContainer> byName(CallContext call, StoredContainer container) {
        return transport(container).inspect(call, names.container(container.id()));
    }

    private NodeTransport transport(StoredContainer container) {
        return nodes.transport(container.node());
    }

    private VolumeStore volumes(StoredContainer container) {
        return transport(container)
                .as(VolumeStore.class)
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.UNSUPPORTED, "node '" + container.node() + "' keeps no volumes"));
    }

    private static long epoch(StepContext context) {
        return context.record().pending().orElseThrow().epoch();
    }

    private static int attempt(ObservedContainer seen) {
        String attempt = seen.labels().getOrDefault(ContainerLabels.ATTEMPT, "");
        return attempt.matches("[0-9]{1,9}") ? Integer.parseInt(attempt) : 0;
    }
}
