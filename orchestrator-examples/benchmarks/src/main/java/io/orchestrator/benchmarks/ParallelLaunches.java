package io.orchestrator.benchmarks;

import static io.orchestrator.benchmarks.IncorrectException.require;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/** Launches per second with eight under way at a time: the library beside raw connections. */
final class ParallelLaunches implements AutoCloseable {
    private static final int PARALLEL = 8;
    private static final int LAUNCHES_EACH = 3;

    private final Containers containers;
    private final Orchestrator orchestrator;
    private final EngineCheck check;
    private final List<RawEngine> connections = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(PARALLEL, task -> {
        Thread thread = new Thread(task, "launches");
        thread.setDaemon(true);
        return thread;
    });

    ParallelLaunches(URI engine, Containers containers, Orchestrator orchestrator, EngineCheck check) {
        this.containers = containers;
        this.orchestrator = orchestrator;
        this.check = check;
        for (int i = 0; i < PARALLEL; i++) {
            connections.add(new RawEngine(engine));
        }
    }

    void run(int rounds, OtherLoad load) {
        Contender ours = new Contender("SDK", (blocks, took) -> ours(took));
        Contender raw = new Contender("raw socket", (blocks, took) -> raw(took));
        List<Contender> contenders = List.of(ours, raw);
        Contender.round(contenders, 1, 1, true);
        load.skip();
        for (int round = 0; round < rounds; round++) {
            Contender.round(contenders, 1, 1, false);
            load.count();
        }
        System.out.println("| launch, 8 at a time | launches/s, p50 | JVM CPU per launch |\n|---|---|---|");
        for (Contender contender : contenders) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f ms |%n",
                    contender.name(),
                    PARALLEL * LAUNCHES_EACH * 1e9 / contender.nanos().percentile(50),
                    contender.cpuMicrosPerCall() / 1e3 / (PARALLEL * LAUNCHES_EACH));
        }
        System.out.println();
        Report.ratios();
        // of the times the other way round, which is of the rates this way round
        Report.atLeast("launches/s, 8 at a time: SDK / raw", raw.nanos().ratioTo(ours.nanos()), 0.98);
        System.out.println();
    }

    private long ours(LongConsumer took) {
        List<Container> made = Collections.synchronizedList(new ArrayList<>());
        long cpu = inParallel(
                took, connection -> made.add(orchestrator.containers().launch(containers.spec())));
        List<String> engineIds = new ArrayList<>();
        for (Container container : made) {
            String engineId = container.state().engineId().orElseThrow();
            check.running(engineId, containers.installation(), container.id().value());
            engineIds.add(engineId);
        }
        requireExactly(engineIds, containers.installation());
        all(made.stream().map(container -> doing(container::remove)).toList());
        require(check.all(containers.installation()).isEmpty(), "containers are left after they were removed");
        return cpu;
    }

    private long raw(LongConsumer took) {
        List<String> engineIds = Collections.synchronizedList(new ArrayList<>());
        long cpu = inParallel(
                took,
                connection ->
                        engineIds.add(Containers.launch(connection, Containers.createRequest(containers.request()))));
        requireExactly(engineIds, containers.peers());
        all(connections.stream()
                .map(connection -> doing(() -> {
                    for (int i = connections.indexOf(connection); i < engineIds.size(); i += PARALLEL) {
                        EngineCheck.remove(connection, engineIds.get(i));
                    }
                }))
                .toList());
        require(check.all(containers.peers()).isEmpty(), "containers are left after they were removed");
        return cpu;
    }

    private void requireExactly(List<String> engineIds, String installation) {
        require(engineIds.size() == PARALLEL * LAUNCHES_EACH, "launches were lost");
        require(
                check.all(installation).equals(new TreeSet<>(engineIds)),
                "the engine has other containers than those that were launched");
    }

    /** What one thread does again and again on the connection that is its own. */
    @FunctionalInterface
    private interface Launch {
        void on(RawEngine connection);
    }

    private long inParallel(LongConsumer took, Launch launch) {
        List<Callable<Object>> tasks = connections.stream()
                .map(connection -> doing(() -> {
                    for (int i = 0; i < LAUNCHES_EACH; i++) {
                        launch.on(connection);
                    }
                }))
                .toList();
        long cpu = Contender.processCpuNanos();
        long began = System.nanoTime();
        all(tasks);
        took.accept(System.nanoTime() - began);
        return Contender.processCpuNanos() - cpu;
    }

    private static Callable<Object> doing(Runnable action) {
        return Executors.callable(action);
    }

    private void all(List<Callable<Object>> tasks) {
        try {
            for (Future<Object> task : threads.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException failure) {
            throw new IllegalStateException("one of the parallel calls failed", failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        connections.forEach(RawEngine::close);
    }
}
