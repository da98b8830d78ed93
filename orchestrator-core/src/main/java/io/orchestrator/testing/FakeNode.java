package io.orchestrator.testing;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Waiter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A machine in memory, with every ability, that goes wrong when told to. Thread-safe.
 *
 * <p>Its containers belong to the cluster, not to the connections that made them: they live on when an orchestrator is
 * closed, as real ones do.
 */
public final class FakeNode {
    private static final int MOST_CALLS = 100_000;

    private final String name;
    private final FakeEngine engine;
    private final Faults faults;
    private final ArrayDeque<FakeCall> calls = new ArrayDeque<>();
    private NodeReport report;

    FakeNode(String name, FakeEngine engine, long seed) {
        this.name = name;
        this.engine = engine;
        this.faults = new Faults(name, seed);
        this.report = new NodeReport("fake 1", "x86_64", 8, 16_384, Set.of("exec", "images", "logs", "volumes"));
    }

    public String name() {
        return name;
    }

    /** {@code fake:} and its name. */
    public URI uri() {
        return URI.create("fake:" + name);
    }

    /** What to register it with. */
    public NodeSpec spec() {
        return NodeSpec.of(name, uri());
    }

    /** What it tells of its size; 8 processors and 16 GiB at first. */
    public synchronized FakeNode capacity(int cpus, long memoryMib) {
        report = new NodeReport(report.engine(), report.architecture(), cpus, memoryMib, report.abilities());
        return this;
    }

    /** Refuses every connection from now on: calls fail at once, certainly without effect. Containers run on. */
    public FakeNode down() {
        faults.down(true);
        return this;
    }

    /** Ends {@link #down}. */
    public FakeNode up() {
        faults.down(false);
        return this;
    }

    /**
     * Whether to take calls and answer none. Each ends at its deadline, without effect; one that still waits when the
     * node no longer hangs goes on, late, and takes effect.
     */
    public FakeNode hanging(boolean value) {
        faults.hanging(value);
        return this;
    }

    /** Lets the effect of the next calls of that verb happen, and loses the answers. Adds up. */
    public FakeNode loseReplies(FakeVerb verb, int count) {
        faults.loseReplies(verb, count);
        return this;
    }

    /** Refuses the next calls of that verb without effect, as an engine does that cannot. Adds up. */
    public FakeNode refuse(FakeVerb verb, int count) {
        faults.refuse(verb, count);
        return this;
    }

    /** Answers the next stops as if all went well and lets the container run on. Adds up. */
    public FakeNode ignoreStops(int count) {
        faults.ignoreStops(count);
        return this;
    }

    /**
     * Loses each call with that probability, 0 to 1: half of them before their effect, half after it. The same seed loses
     * the same calls as long as they come in the same order.
     */
    public FakeNode losing(double probability) {
        faults.losing(probability);
        return this;
    }

    /** Lets that much time pass before the effect of each call. */
    public FakeNode delay(Duration value) {
        faults.delay(value);
        return this;
    }

    /** Loses power and comes back at once: what ran has exited with 137. Together with {@link #down} it stays away. */
    public FakeNode crash() {
        engine.all().forEach(container -> container.kill(false));
        return this;
    }

    /** Comes back reinstalled: containers and volumes are gone, and so are pulled images. */
    public FakeNode wipe() {
        engine.wipe();
        return this;
    }

    /** Lets the first process of a container end with that code, as if by itself. */
    public FakeNode exit(String engineIdOrName, int code) {
        engine.find(engineIdOrName)
                .flatMap(FakeContainer::firstProcess)
                .orElseThrow(() -> new IllegalStateException("no container '" + engineIdOrName + "' runs"))
                .end(code);
        return this;
    }

    /** Deletes a container, whosever it is, as a person at the machine might. */
    public FakeNode removeByHand(String engineIdOrName) {
        engine.find(engineIdOrName).ifPresent(engine::remove);
        return this;
    }

    /** Makes and starts a container that carries none of the library's labels; returns its engine id. */
    public String runForeign(String containerName, String image) {
        ContainerSpec spec = ContainerSpec.builder(image).build();
        FakeContainer container = engine.create(
                new CreateRequest(containerName, new TreeMap<>(), spec, List.of(), new TreeMap<>()), false);
        container.start();
        return container.id();
    }

    /** Whether something else on the machine uses that host port. */
    public FakeNode portBusy(int port, boolean value) {
        if (value) {
            engine.occupyPort(port);
        } else {
            engine.freePort(port);
        }
        return this;
    }

    /** Puts an image on the node as if it had been pulled. */
    public FakeNode image(String image) {
        engine.addImage(image);
        return this;
    }

    /** Every container there is, whosever it is, by engine id; no fault hides one. */
    public List<ObservedContainer> containers() {
        return engine.all().stream().map(FakeContainer::observe).toList();
    }

    /** The last 100,000 calls that came, oldest first. */
    public List<FakeCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /** How many of these calls are of that verb. */
    public long calls(FakeVerb verb) {
        return calls().stream().filter(call -> call.verb() == verb).count();
    }

    /** Forgets the calls. */
    public void forgetCalls() {
        synchronized (calls) {
            calls.clear();
        }
    }

    synchronized NodeReport report() {
        return report;
    }

    boolean ignoresStop() {
        return faults.ignoresStop();
    }

    FakeEngine engine() {
        return engine;
    }

    <T> T handle(FakeCall received, CallContext call, Waiter waiter, Supplier<T> effect) {
        synchronized (calls) {
            if (calls.size() == MOST_CALLS) {
                calls.removeFirst();
            }
            calls.addLast(received);
        }
        return faults.apply(received.verb(), call, waiter, effect);
    }
}
