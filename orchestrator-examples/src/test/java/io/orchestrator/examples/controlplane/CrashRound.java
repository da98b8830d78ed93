package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import io.orchestrator.store.jdbc.JdbcStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The program killed with SIGKILL while callers launch one container after another, and started again. */
final class CrashRound {
    private static final int CALLERS = 10;
    /** A kill may come when all callers are between two launches: then there is another. */
    private static final int MOST_KILLS = 3;
    /** No caller may run out of launches before the kill. */
    private static final int MOST_EACH = 100;

    private final Path directory;
    private final String image;
    private final Callable<Integer> containersOnNode;
    private final Set<String> begun = new ConcurrentSkipListSet<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();

    CrashRound(Path directory, String image, Callable<Integer> containersOnNode) {
        this.directory = directory;
        this.image = image;
        this.containersOnNode = containersOnNode;
    }

    /** Whatever was acknowledged is there afterwards, nothing is there twice, and nothing is left in the end. */
    void run(String... options) throws Exception {
        int inFlight = 0;
        for (int kill = 0; kill < MOST_KILLS && inFlight == 0; kill++) {
            try (ServerProcess first = ServerProcess.start(directory, options)) {
                killDuringLaunches(first, "web-" + kill + "-");
            }
            inFlight = inFlight();
        }
        assertThat(inFlight).as("launches in flight at the kill").isPositive();

        try (ServerProcess second = ServerProcess.start(directory, options)) {
            Map<String, String> again = new TreeMap<>();
            for (String name : begun) {
                again.put(name, launch(second, name));
            }
            assertThat(again).containsAllEntriesOf(acknowledged);
            Caller alice = second.as(TestServer.ALICE);
            Set<String> listed = new LinkedHashSet<>();
            for (JsonNode container : alice.get("/containers").json()) {
                assertThat(listed.add(container.path("name").textValue())).isTrue();
                assertThat(container.path("status").textValue()).isEqualTo("running");
            }
            assertThat(listed).containsExactlyInAnyOrderElementsOf(begun);
            assertThat(containersOnNode.call()).isEqualTo(begun.size());

            for (String id : again.values()) {
                assertThat(alice.delete("/containers/" + id).status()).isEqualTo(200);
            }
            assertThat(alice.get("/containers").text()).isEqualTo("[]");
            assertThat(containersOnNode.call()).isZero();
            assertThat(second.terminate(10)).isTrue();
        }
    }

    /** The kill comes at the fifth acknowledgement, when each of the other callers is in the middle of a launch. */
    private void killDuringLaunches(ServerProcess server, String prefix) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
        CountDownLatch five = new CountDownLatch(5);
        List<CompletableFuture<Void>> launches = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            String caller = prefix + i + "-";
            launches.add(CompletableFuture.runAsync(() -> launchUntilKilled(server, caller, five), callers));
        }
        assertThat(five.await(60, TimeUnit.SECONDS)).isTrue();
        server.kill();
        CompletableFuture.allOf(launches.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        callers.shutdown();
    }

    private void launchUntilKilled(ServerProcess server, String caller, CountDownLatch acknowledgements) {
        try {
            for (int n = 0; n < MOST_EACH; n++) {
                begun.add(caller + n);
                acknowledged.put(caller + n, launch(server, caller + n));
                acknowledgements.countDown();
            }
        } catch (IOException killed) {
            return;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private String launch(ServerProcess server, String name) throws IOException, InterruptedException {
        Answer answer = server.as(TestServer.ALICE).post("/launch", Caller.launch("alice", name, image), "key-" + name);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.field("container_id");
    }

    /** As the killed process left it. */
    private int inFlight() {
        try (Store store = JdbcStore.file(directory.resolve("data/store.db"))) {
            return store.page(RecordQuery.of("container").pending()).items().size();
        }
    }
}
