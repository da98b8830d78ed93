package io.orchestrator.benchmarks;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.transport.docker.EngineDoor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** What is launched: the same small container by every contender, each under a name of its own. Thread-safe. */
final class Containers {
    private static final String EPOCH = "1";

    private final String installation;
    private final String image;
    private final AtomicLong number = new AtomicLong();

    Containers(String image) {
        this.installation = "bench-" + ProcessHandle.current().pid();
        this.image = image;
    }

    /** What the library's containers carry. */
    String installation() {
        return installation;
    }

    /** What the peers' containers carry: another one, so that the library does not see them as its own. */
    String peers() {
        return installation + "-peer";
    }

    /** Removes whatever is left of either when this process ends, also by a signal. */
    void removeAtExit(URI engine) {
        Scratch.atExit(() -> {
            try (EngineCheck check = new EngineCheck(engine)) {
                check.sweep(installation());
                check.sweep(peers());
            }
        });
    }

    ContainerSpec spec() {
        return ContainerSpec.builder(image)
                .owner("benchmark")
                .idempotencyKey("launch-" + number.incrementAndGet())
                .cpus(0.5)
                .memoryMib(32)
                .command("sleep", "3600")
                .build();
    }

    /** What a peer sends: labels as many and as long as the library's. */
    CreateRequest request() {
        String id = String.format("%026d", number.incrementAndGet());
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(ContainerLabels.INSTALLATION, peers());
        labels.put(ContainerLabels.ID, id);
        labels.put(ContainerLabels.OWNER, "benchmark");
        labels.put(ContainerLabels.EPOCH, EPOCH);
        labels.put(ContainerLabels.ATTEMPT, EPOCH);
        labels.put(ContainerLabels.KEY_HASH, "0".repeat(64));
        return new CreateRequest("orc-" + peers() + "-" + id, labels, spec(), List.of(), new TreeMap<>());
    }

    /** The very bytes that the library's transport would send. */
    static ByteBuffer createRequest(CreateRequest request) {
        return RawEngine.request("POST", "/containers/create?name=" + request.name(), EngineDoor.createBody(request));
    }

    /** Creates and starts over the raw connection and returns the engine's id. */
    static String launch(RawEngine raw, ByteBuffer create) {
        int created = raw.exchange(create);
        String body = raw.body();
        IncorrectException.require(created == 201, "a raw create was answered with " + created + ": " + body);
        int start = body.indexOf("\"Id\":\"") + 6;
        String engineId = body.substring(start, start + 64);
        int started = raw.exchange(RawEngine.request("POST", "/containers/" + engineId + "/start"));
        IncorrectException.require(started == 204, "a raw start was answered with " + started + ": " + raw.body());
        return engineId;
    }

    static String id(CreateRequest request) {
        return String.valueOf(request.labels().get(ContainerLabels.ID));
    }
}
