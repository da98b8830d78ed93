package io.orchestrator.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.ObservedContainer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A node on a directory of its own, with the calls that most tests make. Closing removes every container. */
final class LocalNode implements AutoCloseable {
    static final String INSTALLATION = "test";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    final HostRuntime runtime = new ThreadRuntime();
    final ProcessTable processes = new ProcessTable();
    final NodeTransport transport;

    LocalNode(Path directory) {
        this(directory, DevProcessTransport.create());
    }

    LocalNode(Path directory, DevProcessTransport transport) {
        this.transport =
                transport.connect(NodeSpec.of("local", URI.create("dev-process:" + directory)), INSTALLATION, runtime);
    }

    CallContext call() {
        return CallContext.startingNow(runtime::nanoTime, Duration.ofSeconds(30));
    }

    static ContainerSpec.Builder script(String script) {
        return ContainerSpec.builder("debian").command("sh", "-c", script);
    }

    static CreateRequest request(String name, ContainerSpec spec, PublishedPort... ports) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(ContainerLabels.INSTALLATION, INSTALLATION);
        labels.put(ContainerLabels.ID, name);
        SortedMap<String, String> volumes = new TreeMap<>();
        spec.volumes().forEach(mount -> volumes.put(mount.volume(), "volume-" + mount.volume()));
        return new CreateRequest(name, labels, spec, List.of(ports), volumes);
    }

    String create(ContainerSpec.Builder spec, PublishedPort... ports) {
        return transport.create(call(), request("c" + NUMBER.incrementAndGet(), spec.build(), ports));
    }

    String run(ContainerSpec.Builder spec, PublishedPort... ports) {
        String id = create(spec, ports);
        transport.start(call(), id);
        return id;
    }

    ObservedContainer inspect(String id) {
        return transport.inspect(call(), id).orElseThrow();
    }

    List<ObservedContainer> list() {
        List<ObservedContainer> found = new ArrayList<>();
        transport.list(call(), found::add);
        return found;
    }

    /** Every process of the container's runs, those that write its output included. */
    List<ProcessTable.Entry> processesOf(String id) {
        List<ProcessTable.Entry> all =
                new ArrayList<>(processes.marked(Marker.CONTAINER, value -> value.startsWith(id + ":")));
        all.addAll(processes.marked(Marker.OUTPUT, value -> value.startsWith(id + ":")));
        return all;
    }

    /** Every process of the container's sessions. */
    List<ProcessTable.Entry> sessionsOf(String id) {
        List<ProcessTable.Entry> all = processesOf(id);
        all.removeIf(process -> !process.markers().containsKey(Marker.SESSION));
        return all;
    }

    void until(String what, BooleanSupplier condition) {
        assertThat(new TreeKiller(runtime, processes).until(call(), Duration.ofSeconds(20), condition))
                .as(what)
                .isTrue();
    }

    @Override
    public void close() {
        list().forEach(container -> transport.remove(call(), container.engineId()));
        transport.close();
        runtime.close();
    }
}
