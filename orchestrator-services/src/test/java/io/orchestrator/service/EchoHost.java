package io.orchestrator.service;

import io.orchestrator.Orchestrator;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.spi.VolumeStore;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One fake node, and a host that can die and come back on the same store. */
final class EchoHost implements AutoCloseable {
    static final Duration SOON = Duration.ofSeconds(60);

    final EchoEngine engine;
    final FakeCluster cluster = FakeCluster.of(1);
    final FakeNode node = cluster.node("n1");
    private final Store kept = MemoryStore.create();
    private CrashingStore store = new CrashingStore(kept);
    private Orchestrator orchestrator = open(store);
    private ServiceLaunchers services;

    EchoHost(String... images) {
        engine = new EchoEngine(images);
        cluster.specs().forEach(orchestrator.nodes()::register);
        services = ServiceLaunchers.create(orchestrator, engine);
    }

    private Orchestrator open(Store on) {
        return Orchestrator.builder("test")
                .store(on)
                .runtime(new HurriedRuntime())
                .transport(cluster.transport())
                .build();
    }

    Orchestrator orchestrator() {
        return orchestrator;
    }

    ServiceLaunchers services() {
        return services;
    }

    CrashingStore store() {
        return store;
    }

    /** Ends this host, in order or not, and starts another one on what was stored. */
    void comeBack() {
        orchestrator.close();
        store = new CrashingStore(kept);
        orchestrator = open(store);
        services = ServiceLaunchers.create(orchestrator, engine);
    }

    /** Waits until nothing is under way any more. */
    void settle() {
        settle(RecordQuery.of("echo").pending());
        settle(RecordQuery.of("container").pending());
    }

    private void settle(RecordQuery pending) {
        for (int tries = 0; !kept.page(pending).items().isEmpty(); tries++) {
            if (tries > 3_000) {
                throw new AssertionError(
                        "still under way: " + kept.page(pending).items());
            }
            kept.page(pending).items().stream()
                    .flatMap(record -> record.pending().stream())
                    .map(PendingOperation::id)
                    .forEach(id -> orchestrator.operations().find(id).ifPresent(EchoHost::await));
            var unused = orchestrator.runtime().waiter().await(() -> false, Duration.ofMillis(20));
        }
    }

    private static void await(Operation<?> operation) {
        try {
            var unused = operation.await(SOON);
        } catch (OrchestratorException failed) {
            // the test looks at the record, not at how the operation ended
        }
    }

    /** Every record of a service, tombstones too. */
    List<ResourceRecord> records() {
        return kept.page(RecordQuery.of("echo")).items();
    }

    List<String> volumes() {
        List<String> names = new ArrayList<>();
        var transport = cluster.transport().connect(node.spec(), "test", orchestrator.runtime());
        Optional<VolumeStore> store = transport.as(VolumeStore.class);
        store.orElseThrow().listVolumes(CallContext.startingNow(orchestrator.runtime()::nanoTime, SOON), names::add);
        return names;
    }

    @Override
    public void close() {
        orchestrator.close();
        cluster.close();
    }
}
