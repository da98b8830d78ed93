package io.orchestrator.benchmarks;

import static io.orchestrator.benchmarks.IncorrectException.require;

import io.orchestrator.Orchestrator;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.transport.docker.DockerTransport;
import io.orchestrator.transport.docker.EngineDoor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/** What one call to the engine costs: the library's transport beside raw bytes on the socket and docker-java. */
final class CallsBenchmark {
    private static final int CALLS_PER_TURN = 50;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Options options;
    private final OtherLoad load;

    private CallsBenchmark(Options options) {
        this.options = options;
        this.load = new OtherLoad(options.engine().getPath());
    }

    static boolean run(Options options) {
        return new CallsBenchmark(options).run();
    }

    private boolean run() {
        Containers containers = new Containers(options.image());
        containers.removeAtExit(options.engine());
        // only for the runtime that the public interface gives: no node is registered, so nothing is probed meanwhile
        try (EngineCheck check = new EngineCheck(options.engine());
                Orchestrator orchestrator =
                        Orchestrator.builder(containers.installation()).build();
                NodeTransport ours = DockerTransport.create()
                        .connect(
                                NodeSpec.of("engine", options.engine()),
                                containers.installation(),
                                orchestrator.runtime());
                RawEngine raw = new RawEngine(options.engine());
                DockerJava dockerJava = new DockerJava(options.engine())) {
            Report.heading(options, check.raw());
            String id = Containers.launch(check.raw(), Containers.createRequest(containers.request()));
            HostRuntime runtime = orchestrator.runtime();
            compare(
                    "ping",
                    1.2,
                    List.of(
                            repeat("SDK", () -> EngineDoor.ping(ours, context(runtime))),
                            exchange(raw, RawEngine.request("GET", "/_ping")),
                            repeat("docker-java", dockerJava::ping)));
            compare(
                    "inspect",
                    1.3,
                    List.of(
                            repeat(
                                    "SDK",
                                    () -> require(
                                            ours.inspect(context(runtime), id)
                                                    .orElseThrow()
                                                    .engineId()
                                                    .equals(id),
                                            "the library inspected another container")),
                            exchange(raw, RawEngine.request("GET", "/containers/" + id + "/json")),
                            repeat(
                                    "docker-java",
                                    () -> require(
                                            dockerJava.inspect(id).equals(id),
                                            "docker-java inspected another container"))));
        }
        load.print();
        return load.acceptable();
    }

    private void compare(String what, double goal, List<Contender> contenders) {
        int perRound = options.pairs() / options.rounds();
        int turn = Math.min(CALLS_PER_TURN, perRound / 2);
        int passes = perRound / (2 * turn);
        for (int round = 0; round < Math.max(1, options.rounds() / 2); round++) {
            Contender.round(contenders, passes, turn, true);
        }
        load.skip();
        for (int round = 0; round < options.rounds(); round++) {
            Contender.round(contenders, passes, turn, false);
            load.count();
        }
        Report.contenders(what, contenders);
        Samples ours = contenders.get(0).nanos();
        Report.ratios();
        Report.atMost(what + ": SDK / raw", ours.ratioTo(contenders.get(1).nanos()), goal);
        Report.atMost(
                what + ": SDK / docker-java", ours.ratioTo(contenders.get(2).nanos()), 0.5);
        System.out.println();
    }

    private static CallContext context(HostRuntime runtime) {
        return CallContext.startingNow(runtime::nanoTime, TIMEOUT);
    }

    private static Contender exchange(RawEngine raw, ByteBuffer request) {
        return repeat("raw socket", () -> require(raw.exchange(request) == 200, "a raw call failed"));
    }

    private static Contender repeat(String name, Runnable call) {
        return new Contender(name, (calls, took) -> {
            long cpu = Contender.processCpuNanos();
            for (int i = 0; i < calls; i++) {
                long began = System.nanoTime();
                call.run();
                took.accept(System.nanoTime() - began);
            }
            return Contender.processCpuNanos() - cpu;
        });
    }
}
