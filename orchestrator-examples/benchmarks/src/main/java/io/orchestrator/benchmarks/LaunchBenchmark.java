package io.orchestrator.benchmarks;

import static io.orchestrator.benchmarks.IncorrectException.require;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.store.jdbc.JdbcStore;
import io.orchestrator.transport.docker.DockerTransport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * What a launch costs: place, durable intent, create, start and durable running, beside a bare create and start over raw
 * bytes and through docker-java. After each measured launch the container is looked at and removed, which is not measured.
 */
final class LaunchBenchmark {
    private final Options options;
    private final OtherLoad load;
    private final Containers containers;
    private final Orchestrator orchestrator;
    private final EngineCheck check;
    private final Set<String> launched = new HashSet<>();

    private LaunchBenchmark(Options options, Containers containers, Orchestrator orchestrator, EngineCheck check) {
        this.options = options;
        this.load = new OtherLoad(options.engine().getPath());
        this.containers = containers;
        this.orchestrator = orchestrator;
        this.check = check;
    }

    static boolean run(Options options) throws IOException {
        Containers containers = new Containers(options.image());
        containers.removeAtExit(options.engine());
        Path directory = Scratch.directory("launch");
        try (EngineCheck check = new EngineCheck(options.engine());
                Orchestrator orchestrator = Orchestrator.builder(containers.installation())
                        .store(JdbcStore.file(directory.resolve("store.db")))
                        .transport(DockerTransport.create())
                        .build()) {
            Report.heading(options, check.raw());
            orchestrator.nodes().register(NodeSpec.of("engine", options.engine()));
            return new LaunchBenchmark(options, containers, orchestrator, check).run();
        }
    }

    private boolean run() {
        try (RawEngine raw = new RawEngine(options.engine());
                DockerJava dockerJava = new DockerJava(options.engine())) {
            oneByOne(List.of(
                    new Contender("SDK", (count, took) -> repeat(count, () -> ours(took))),
                    new Contender("raw socket", (count, took) -> repeat(count, () -> raw(raw, took))),
                    new Contender("docker-java", (count, took) -> repeat(count, () -> dockerJava(dockerJava, took)))));
        }
        try (ParallelLaunches parallel = new ParallelLaunches(options.engine(), containers, orchestrator, check)) {
            parallel.run(options.rounds(), load);
        }
        load.print();
        return load.acceptable();
    }

    private void oneByOne(List<Contender> contenders) {
        int passes = options.pairs() / options.rounds() / 2;
        Contender.round(contenders, passes, 1, true);
        load.skip();
        for (int round = 0; round < options.rounds(); round++) {
            Contender.round(contenders, passes, 1, false);
            load.count();
        }
        Report.contenders("launch, one by one", contenders);
        Samples ours = contenders.get(0).nanos();
        Report.ratios();
        Report.atMost("launch: SDK / raw", ours.ratioTo(contenders.get(1).nanos()), 1.02);
        Report.atMost(
                "launch: SDK / docker-java", ours.ratioTo(contenders.get(2).nanos()), 1.0);
        System.out.println();
    }

    private static long repeat(int count, Supplier<Long> launch) {
        long cpu = 0;
        for (int i = 0; i < count; i++) {
            cpu += launch.get();
        }
        return cpu;
    }

    private long ours(LongConsumer took) {
        var spec = containers.spec();
        long cpu = Contender.processCpuNanos();
        long began = System.nanoTime();
        Container container = orchestrator.containers().launch(spec);
        took.accept(System.nanoTime() - began);
        long used = Contender.processCpuNanos() - cpu;
        String engineId = container.state().engineId().orElseThrow();
        verify(engineId, containers.installation(), container.id().value());
        container.remove();
        requireNone(containers.installation());
        return used;
    }

    private long raw(RawEngine raw, LongConsumer took) {
        CreateRequest request = containers.request();
        ByteBuffer create = Containers.createRequest(request);
        return peer(request, took, () -> Containers.launch(raw, create));
    }

    private long dockerJava(DockerJava dockerJava, LongConsumer took) {
        CreateRequest request = containers.request();
        return peer(request, took, () -> dockerJava.launch(request));
    }

    private long peer(CreateRequest request, LongConsumer took, Supplier<String> launch) {
        long cpu = Contender.processCpuNanos();
        long began = System.nanoTime();
        String engineId = launch.get();
        took.accept(System.nanoTime() - began);
        long used = Contender.processCpuNanos() - cpu;
        verify(engineId, containers.peers(), Containers.id(request));
        check.remove(engineId);
        requireNone(containers.peers());
        return used;
    }

    private void verify(String engineId, String installation, String id) {
        check.running(engineId, installation, id);
        require(check.all(installation).equals(Set.of(engineId)), "one launch made other containers than the one");
        require(launched.add(engineId), "two launches returned container '" + engineId + "'");
    }

    private void requireNone(String installation) {
        require(check.all(installation).isEmpty(), "containers are left after they were removed");
    }
}
