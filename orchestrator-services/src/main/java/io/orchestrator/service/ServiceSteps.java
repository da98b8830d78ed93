package io.orchestrator.service;

import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.Operations;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Phase;
import io.orchestrator.operation.Step;
import io.orchestrator.operation.StepContext;
import io.orchestrator.operation.StepOutcome;
import io.orchestrator.service.ServiceHealth.Verdict;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.Optional;

/**
 * The steps that service operations are lists of. <b>This is where a service is provisioned.</b>
 *
 * <p>A service's container is known by a label and an idempotency key made of the service's id, so whoever drives the step
 * again meets the same container, whether or not its id was stored.
 */
final class ServiceSteps {
    /** The label that says which service a container belongs to. */
    static final String LABEL = "io.orchestrator.service";

    static final String CONTAINER = "container";
    static final String OTHER_IMAGE = "other-image";
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(1);

    private final ContainerLauncher containers;
    private final NodeRegistry nodes;
    private final Operations operations;
    private final ServiceCalls calls;

    ServiceSteps(ContainerLauncher containers, NodeRegistry nodes, Operations operations, ServiceCalls calls) {
        this.containers = containers;
        this.nodes = nodes;
        this.operations = operations;
        this.calls = calls;
    }

    /** Submits the launch of the container, or finds the one that an earlier run submitted. */
    Step container() {
        return new Step(CONTAINER, Phase.QUEUED, CALL, context -> {
            StoredService service = StoredService.read(context.record());
            try {
                Operation<Container> launch = containers.submit(containerSpec(service));
                ContainerState container = containers
                        .find(ContainerId.of(launch.target().id()))
                        .orElseThrow(() -> OrchestratorException.notFound(
                                "container", launch.target().id()))
                        .state();
                return StepOutcome.next(
                        service.container(container.id(), container.node()).record());
            } catch (OrchestratorException failure) {
                if (failure.code() == ErrorCode.NO_NODE || failure.code() == ErrorCode.PORTS_EXHAUSTED) {
                    // as for a container: a caller is told at once that there is no room
                    return StepOutcome.fail(failure.code(), String.valueOf(failure.getMessage()));
                }
                throw failure;
            }
        });
    }

    private ContainerSpec containerSpec(StoredService service) {
        ContainerSpec.Builder container = ContainerSpec.builder(service.image());
        calls.engines().of(service).configure(container, service);
        service.node().ifPresent(container::node);
        return container
                .owner(service.base().owner())
                .idempotencyKey(keyPrefix(service) + service.imageIndex())
                .label(LABEL, service.id().value())
                .cpus(service.limits().cpus())
                .memoryMib(service.limits().memoryMib())
                .pids(service.limits().pids())
                .publish(service.port())
                .volume(service.id().value(), service.dataPath())
                .build();
    }

    private static String keyPrefix(StoredService service) {
        return service.id() + "/";
    }

    /** Waits until the container runs. */
    Step running() {
        return new Step("running", Phase.CREATED, CALL, context -> {
            StoredService service = StoredService.read(context.record());
            ContainerState container = calls.container(service).orElse(null);
            if (container == null) {
                return StepOutcome.fail(ErrorCode.CANCELLED, "its container was removed by somebody else");
            }
            if (container.operation().isPresent()) {
                return awaiting(container);
            }
            if (container.status() == ContainerStatus.RUNNING) {
                return StepOutcome.next(context.record());
            }
            if (container.failure().filter(ErrorCode.IMAGE_NOT_FOUND::equals).isPresent() && service.hasOtherImage()) {
                return StepOutcome.jump(OTHER_IMAGE, context.record());
            }
            return StepOutcome.fail(container.failure().orElse(ErrorCode.CONTAINER_EXITED), notRunning(container));
        });
    }

    private static String notRunning(ContainerState container) {
        return "container '" + container.id() + "' is " + container.status() + ": " + container.reason();
    }

    /** Takes back a container whose image vanished and goes on with the next image; entered only by a jump. */
    Step otherImage() {
        return new Step(OTHER_IMAGE, Phase.CREATED, CALL, context -> {
            StoredService service = StoredService.read(context.record());
            Optional<StepOutcome> busy = removeNext(service, Action.REMOVE_WITH_VOLUMES);
            return busy.orElseGet(
                    () -> StepOutcome.jump(CONTAINER, service.nextImage().record()));
        });
    }

    /** Succeeds once an authenticated call does; driven again with back-off until the operation has no tries left. */
    Step ready() {
        return new Step("ready", Phase.STARTED, CALL, context -> {
            check(context);
            return StepOutcome.next(context.record());
        });
    }

    /** The second call, a second later: an engine that initialises itself may answer and then restart. */
    Step confirm() {
        return new Step("confirm", Phase.STARTED, CALL, context -> {
            pause(context.call());
            check(context);
            StoredService service = StoredService.read(context.record());
            ServiceHealth healthy = new ServiceHealth(
                    Verdict.HEALTHY, "", Optional.of(calls.runtime().now()));
            return StepOutcome.next(service.observed(ServiceStatus.RUNNING, "")
                    .health(healthy)
                    .forgetRestart()
                    .record());
        });
    }

    private void pause(CallContext call) {
        Waiter waiter = calls.runtime().waiter();
        Runnable forget = call.onCancel(waiter::wake);
        try {
            waiter.await(call::cancelled, BETWEEN_CHECKS);
        } finally {
            forget.run();
        }
        call.check("waiting for a service");
    }

    private void check(StepContext context) {
        StoredService service = StoredService.read(context.record());
        try {
            calls.check(service, context.call());
        } catch (OrchestratorException failure) {
            if (failure.code() == ErrorCode.UNSUPPORTED) {
                throw failure;
            }
            failIfEnded(service);
            // while it starts an engine may refuse anything, credentials too: only the tries end this
            throw new OrchestratorException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "service '" + service.id() + "' did not become ready: " + failure.getMessage(),
                    failure);
        }
    }

    /** Waiting longer cannot help if the container ended, and its exit code says more than a refused connection. */
    private void failIfEnded(StoredService service) {
        ContainerState container =
                containers.find(present(service).id()).map(Container::refresh).orElseThrow(() -> gone(service));
        if (container.status() == ContainerStatus.STOPPED || container.status() == ContainerStatus.FAILED) {
            throw new OrchestratorException(ErrorCode.CONTAINER_EXITED, notRunning(container));
        }
    }

    /** Stores which generation of the container the restart begins with. No remote effect. */
    Step noteGeneration() {
        return new Step("note-generation", Phase.QUEUED, CALL, context -> {
            StoredService service = StoredService.read(context.record());
            return StepOutcome.next(
                    service.restartedFrom(present(service).generation()).record());
        });
    }

    /** Restarts the container unless an earlier run did, and waits until it runs. */
    Step restart() {
        return new Step("restart", Phase.STOPPING, CALL, context -> {
            StoredService service = StoredService.read(context.record());
            ContainerState container = present(service);
            if (container.operation().isPresent()) {
                return awaiting(container);
            }
            if (container.generation() <= service.restartedFrom().orElse(0L)) {
                return StepOutcome.awaiting(containers
                        .find(container.id())
                        .orElseThrow(() -> gone(service))
                        .submit(Action.RESTART));
            }
            return container.status() == ContainerStatus.RUNNING
                    ? StepOutcome.next(context.record())
                    : StepOutcome.fail(ErrorCode.CONTAINER_EXITED, notRunning(container));
        });
    }

    private ContainerState present(StoredService service) {
        return calls.container(service).orElseThrow(() -> gone(service));
    }

    private static OrchestratorException gone(StoredService service) {
        return new OrchestratorException(
                ErrorCode.CONFLICT, "service '" + service.id() + "' lost its container; remove it and launch another");
    }

    /** Removes every container of the service. */
    Step remove(VolumePolicy policy) {
        Action action = policy == VolumePolicy.DELETE ? Action.REMOVE_WITH_VOLUMES : Action.REMOVE;
        return new Step("remove", Phase.REMOVING, CALL, context -> {
            StoredService service = StoredService.read(context.record());
            return removeNext(service, action).orElseGet(() -> StepOutcome.next(context.record()));
        });
    }

    /** Keeps the record as a tombstone without credentials. No remote effect. */
    Step bury() {
        return new Step(
                "bury",
                Phase.REMOVING,
                CALL,
                context -> StepOutcome.next(
                        StoredService.read(context.record()).tombstone().record()));
    }

    /** Asks for the removal of one container; empty once there is none left. */
    private Optional<StepOutcome> removeNext(StoredService service, Action action) {
        // by label, because a crash may have come between the submit of a container and the commit of its id
        ContainerQuery query =
                ContainerQuery.builder().label(LABEL, service.id().value()).build();
        Optional<ContainerState> found = containers.ownedBy(service.base().owner()).list(query).items().stream()
                .filter(container -> container
                        .spec()
                        .idempotencyKey()
                        .filter(key -> key.startsWith(keyPrefix(service)))
                        .isPresent())
                .findFirst();
        Optional<Operation<ContainerState>> removal =
                found.flatMap(container -> containers.find(container.id())).map(container -> container.submit(action));
        if (removal.isEmpty()) {
            return Optional.empty();
        }
        if (nodes.find(found.get().node())
                .filter(node -> node.status() == NodeStatus.UNREACHABLE)
                .isPresent()) {
            // says so to whoever waits; the container's removal is stored and goes on by itself
            throw new OrchestratorException(
                    ErrorCode.NODE_UNREACHABLE,
                    "container '" + found.get().id() + "' of service '" + service.id() + "' is removed when its node '"
                            + found.get().node() + "' is back");
        }
        return Optional.of(StepOutcome.awaiting(removal.get()));
    }

    private StepOutcome awaiting(ContainerState container) {
        return container
                .operation()
                .flatMap(operations::find)
                .map(StepOutcome::awaiting)
                // between its commit and its beginning, or driven elsewhere
                .orElseGet(() -> StepOutcome.again(POLL));
    }
}
