package io.orchestrator.testing;

import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Machines in memory for tests: {@code n1}, {@code n2} and so on, at {@code fake:n1}, {@code fake:n2} and so on.
 *
 * <pre>{@code
 * try (FakeCluster cluster = FakeCluster.of(3);
 *         Orchestrator orchestrator = Orchestrator.builder("test").transport(cluster.transport()).build()) {
 *     cluster.specs().forEach(orchestrator.nodes()::register);
 *     cluster.node("n2").down();
 *     cluster.losing(0.05);
 * }
 * }</pre>
 *
 * <p>Every image can be pulled; a container does nothing until it is stopped, unless a program was registered for its
 * image or the container names a command: a small {@code sh} and a few commands for scripts of tests are built in.
 *
 * <p>Thread-safe. Closing ends all containers and their threads; close what uses the cluster first.
 */
public final class FakeCluster implements AutoCloseable {
    private final HostRuntime runtime;
    private final boolean ownsRuntime;
    private final Commands commands = new Commands();
    private final List<FakeNode> nodes;
    private final Registry registry = new Registry();

    private FakeCluster(int count, HostRuntime runtime, boolean ownsRuntime, long seed) {
        if (count < 1 || count > 10_000) {
            throw OrchestratorException.invalid("a fake cluster of " + count + " nodes is not one of 1 to 10000");
        }
        this.runtime = runtime;
        this.ownsRuntime = ownsRuntime;
        SplitMix seeds = new SplitMix(seed);
        this.nodes = IntStream.rangeClosed(1, count)
                .mapToObj(i ->
                        new FakeNode("n" + i, new FakeEngine(runtime, commands, registry, seeds.next()), seeds.next()))
                .toList();
    }

    /** Makes that many nodes, 1 to 10,000, on threads and the system's clock. */
    public static FakeCluster of(int count) {
        return new FakeCluster(count, new ThreadRuntime(), true, 1);
    }

    /**
     * Makes nodes whose processes and waits use the given runtime, such as the {@link SettableRuntime} that the orchestrator
     * under test uses too. It is not closed with the cluster.
     *
     * @param seed of all ids and random losses
     */
    public static FakeCluster of(int count, HostRuntime runtime, long seed) {
        return new FakeCluster(count, runtime, false, seed);
    }

    /** What an orchestrator, or several, reach the nodes through; scheme {@code fake}. */
    public Transport transport() {
        return new Transport() {
            @Override
            public Set<String> schemes() {
                return Set.of("fake");
            }

            @Override
            public NodeTransport connect(NodeSpec node, String installation, HostRuntime host) {
                return new FakeTransport(node(node.uri().getSchemeSpecificPart()), installation, host);
            }
        };
    }

    /** The node of that name. */
    public FakeNode node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> OrchestratorException.invalid(
                        "no fake node '" + name + "' among the " + nodes.size() + " of the cluster"));
    }

    public List<FakeNode> nodes() {
        return nodes;
    }

    /** What to register each node with. */
    public List<NodeSpec> specs() {
        return nodes.stream().map(FakeNode::spec).toList();
    }

    /** Has containers of that image run the program when their specification names no entry point. */
    public FakeCluster image(String image, FakeProgram program) {
        commands.image(image, program);
        return this;
    }

    /** Adds a command to every container, or replaces a built-in one. */
    public FakeCluster command(String name, FakeProgram program) {
        commands.command(name, program);
        return this;
    }

    /** Which images can be pulled; all of them at first. */
    public FakeCluster pullable(Predicate<String> images) {
        registry.pullable(images);
        return this;
    }

    /** {@link FakeNode#losing} for every node. */
    public FakeCluster losing(double probability) {
        nodes.forEach(node -> node.losing(probability));
        return this;
    }

    /** {@link FakeNode#delay} for every node. */
    public FakeCluster delay(Duration value) {
        nodes.forEach(node -> node.delay(value));
        return this;
    }

    /** {@link FakeNode#loseReplies} for every node. */
    public FakeCluster loseReplies(FakeVerb verb, int count) {
        nodes.forEach(node -> node.loseReplies(verb, count));
        return this;
    }

    @Override
    public void close() {
        nodes.forEach(FakeNode::crash);
        if (ownsRuntime) {
            runtime.close();
        }
    }
}
