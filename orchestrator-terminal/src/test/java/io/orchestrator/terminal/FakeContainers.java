package io.orchestrator.terminal;

import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerExec;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerLogs;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.ExecResult;
import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.Explanation;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.spi.HostRuntime;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Containers that exist because the test says so, and the shells that were opened in them. */
final class FakeContainers implements ContainerLauncher {
    private final HostRuntime runtime;
    private final Map<ContainerId, FakeContainer> containers = new ConcurrentHashMap<>();
    private int made;

    FakeContainers(HostRuntime runtime) {
        this.runtime = runtime;
    }

    FakeContainer run(String owner) {
        ContainerId id = ContainerId.of(String.format("%026d", made++));
        FakeContainer container = new FakeContainer(id, owner);
        containers.put(id, container);
        return container;
    }

    void forget(ContainerId id) {
        containers.remove(id);
    }

    @Override
    public Optional<Container> find(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    @Override
    public Operation<Container> submit(ContainerSpec spec) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<ContainerState> list(ContainerQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Explanation explain(String id) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ContainerLauncher ownedBy(String owner) {
        throw new UnsupportedOperationException();
    }

    final class FakeContainer implements Container, ContainerExec {
        final ContainerId id;
        final List<FakeShell> shells = new ArrayList<>();
        volatile Desired desired = Desired.RUNNING;
        volatile ContainerStatus status = ContainerStatus.RUNNING;
        /** What the node answers instead of starting a command. */
        volatile @Nullable OrchestratorException refusal;
        /** What happens while the node starts a command. */
        volatile Runnable starting = () -> {};

        private final String owner;

        private FakeContainer(ContainerId id, String owner) {
            this.id = id;
            this.owner = owner;
        }

        FakeShell shell() {
            synchronized (shells) {
                return shells.get(shells.size() - 1);
            }
        }

        @Override
        public ExecSession open(ExecSpec spec, Flow.Subscriber<? super OutputChunk> subscriber) {
            starting.run();
            OrchestratorException answer = refusal;
            if (answer != null) {
                throw answer;
            }
            FakeShell shell = new FakeShell(spec, runtime, subscriber);
            synchronized (shells) {
                shells.add(shell);
            }
            return shell;
        }

        @Override
        public ContainerId id() {
            return id;
        }

        @Override
        public ContainerState state() {
            return new ContainerState(
                    id,
                    ContainerSpec.builder("image").owner(owner).build(),
                    NodeId.of("node-1"),
                    desired,
                    status,
                    1,
                    0,
                    List.of(),
                    Instant.EPOCH,
                    Optional.of("engine-" + id),
                    OptionalInt.empty(),
                    "",
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public ContainerExec exec() {
            return this;
        }

        @Override
        public ContainerState refresh() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Explanation explain() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Operation<ContainerState> submit(Action action) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ContainerLogs logs() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ExecResult run(ExecSpec spec, InputStream input, Duration timeout) {
            throw new UnsupportedOperationException();
        }
    }
}
