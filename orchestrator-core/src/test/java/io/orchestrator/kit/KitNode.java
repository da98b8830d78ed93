package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import io.orchestrator.spi.VolumeStore;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The node under test as one installation sees it, with the calls that most cases make. */
final class KitNode {
    /** Generous: it only bounds how long a failing case takes. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(20);

    private final NodeTransportContract kit;
    private final HostRuntime runtime;
    private final String installation;
    private final List<KitNode> again = new ArrayList<>();
    private final List<Collector> collectors = new CopyOnWriteArrayList<>();
    private final List<ExecSession> sessions = new CopyOnWriteArrayList<>();
    private @Nullable NodeTransport transport;

    KitNode(NodeTransportContract kit, HostRuntime runtime, String installation) {
        this.kit = kit;
        this.runtime = runtime;
        this.installation = installation;
    }

    void connect() {
        transport = kit.connect(installation, runtime);
    }

    /** A second connection of the same installation. */
    KitNode again() {
        KitNode second = new KitNode(kit, runtime, installation);
        second.connect();
        again.add(second);
        return second;
    }

    NodeTransport transport() {
        if (transport == null) {
            throw new AssertionError("not connected");
        }
        return transport;
    }

    HostRuntime runtime() {
        return runtime;
    }

    String installation() {
        return installation;
    }

    <A> A ability(Class<A> type) {
        return transport().as(type).orElseThrow();
    }

    CallContext call() {
        return call(PATIENCE);
    }

    CallContext call(Duration timeout) {
        return CallContext.startingNow(runtime::nanoTime, timeout);
    }

    /** Twelve characters that no other case uses. */
    String unique() {
        return unique(runtime);
    }

    static String unique(HostRuntime runtime) {
        byte[] random = new byte[6];
        runtime.randomBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** A name as the library makes them. */
    String name() {
        return "orchestrator-" + installation + "-" + unique();
    }

    SortedMap<String, String> labels() {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(ContainerLabels.INSTALLATION, installation);
        labels.put(ContainerLabels.ID, unique());
        labels.put(ContainerLabels.OWNER, "alice");
        labels.put(ContainerLabels.EPOCH, "1");
        labels.put(ContainerLabels.ATTEMPT, "1");
        return labels;
    }

    CreateRequest request(String name, ContainerSpec spec, PublishedPort... ports) {
        SortedMap<String, String> labels = labels();
        labels.putAll(spec.labels());
        SortedMap<String, String> volumes = new TreeMap<>();
        spec.volumes().forEach(mount -> volumes.put(mount.volume(), volume(mount.volume())));
        return new CreateRequest(name, labels, spec, List.of(ports), volumes);
    }

    /** The engine's name for a volume of a specification. */
    String volume(String volume) {
        return "orchestrator-" + installation + "-" + volume;
    }

    String create(ContainerSpec.Builder spec, PublishedPort... ports) {
        return transport().create(call(), request(name(), spec.build(), ports));
    }

    void start(String id) {
        transport().start(call(), id);
    }

    void stop(String id) {
        transport().stop(call(), id, Duration.ofSeconds(10));
    }

    void remove(String id) {
        transport().remove(call(), id);
    }

    /** Creates and starts. */
    String run(ContainerSpec.Builder spec, PublishedPort... ports) {
        String id = create(spec, ports);
        start(id);
        return id;
    }

    /** Creates, starts and waits for the end. */
    String runToEnd(ContainerSpec.Builder spec) {
        String id = run(spec);
        awaitExit(id);
        return id;
    }

    Optional<ObservedContainer> find(String idOrName) {
        return transport().inspect(call(), idOrName);
    }

    ObservedContainer inspect(String idOrName) {
        return find(idOrName).orElseThrow(() -> new AssertionError("no container '" + idOrName + "'"));
    }

    List<ObservedContainer> list() {
        List<ObservedContainer> found = new ArrayList<>();
        transport().list(call(), found::add);
        return found;
    }

    /** Waits for the end of the container and returns its exit code. */
    int awaitExit(String id) {
        until("end of '" + id + "'", () -> inspect(id).phase() == Phase.EXITED);
        return inspect(id).exitCode().orElseThrow();
    }

    Collector collector(Collector.Demand demand) {
        Collector collector = new Collector(runtime, demand);
        collectors.add(collector);
        return collector;
    }

    Collector logs(String id, LogQuery query) {
        Collector collector = collector(Collector.Demand.ALL);
        ability(LogSource.class).logs(call(), id, query, collector);
        return collector;
    }

    /** What the container wrote to its standard output so far. */
    String output(String id) {
        return logs(id, new LogQuery(-1, false)).awaitComplete().stdoutText();
    }

    /** Waits until the container wrote that text to its standard output. */
    void awaitOutput(String id, String text) {
        Collector following = logs(id, LogQuery.following());
        following.awaitStdout(text);
        following.cancel();
    }

    ExecSession exec(String id, ExecSpec spec, Collector output) {
        ExecSession session = ability(ExecRunner.class).exec(call(), id, spec, output);
        sessions.add(session);
        return session;
    }

    /** Runs a script in the container to its end and returns what it wrote to its standard output. */
    String execScript(String id, String script) {
        Collector output = collector(Collector.Demand.ALL);
        try (ExecSession session = exec(id, ExecSpec.of("sh", "-c", script), output)) {
            session.closeInput();
            output.awaitComplete();
            assertThat(exitOf(session))
                    .as("exit of '%s', which wrote '%s'", script, output.stderrText())
                    .isZero();
        }
        return output.stdoutText();
    }

    int exitOf(ExecSession session) {
        until("exit of a command", () -> session.exit().isDone());
        return session.exit().join();
    }

    /** Looks again and again, because an engine tells nobody when it is done. */
    void until(String what, BooleanSupplier condition) {
        assertThat(eventually(condition, PATIENCE)).as(what).isTrue();
    }

    boolean eventually(BooleanSupplier condition, Duration patience) {
        Waiter waiter = runtime.waiter();
        long begin = runtime.nanoTime();
        while (!condition.getAsBoolean()) {
            if (runtime.nanoTime() - begin > patience.toNanos()) {
                return false;
            }
            waiter.await(() -> false, POLL);
        }
        return true;
    }

    /** Ends sessions and streams, removes every container and volume of the installation, and disconnects. */
    void removeAll() {
        again.forEach(second -> second.transport().close());
        sessions.forEach(ExecSession::close);
        collectors.forEach(Collector::cancel);
        list().forEach(container -> remove(container.engineId()));
        transport().as(VolumeStore.class).ifPresent(volumes -> {
            List<String> names = new ArrayList<>();
            volumes.listVolumes(call(), names::add);
            names.forEach(name -> volumes.removeVolume(call(), name));
        });
        transport().close();
    }
}
