package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program against its ends: the polite one and the other. */
class ControlPlaneJarIT {
    private static final int LAUNCHES = 20;

    @TempDir
    private Path directory;

    /** Whatever a failed test leaves running, by its process ids. */
    @AfterEach
    void endProcesses() throws IOException {
        processesBelow(directory).stream()
                .map(process -> Long.parseLong(process.getFileName().toString()))
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void sigterm_withContainersRunning_endsInTimeAndTheNextStartFindsThem() throws Exception {
        String id;
        try (ServerProcess first = ServerProcess.start(directory)) {
            Caller alice = first.as(TestServer.ALICE);
            id = alice.post("/launch", Caller.launch("alice", "survivor")).field("container_id");
            TerminalUser terminal = TerminalUser.open(alice, "dev", id);
            terminal.type("echo o''pen\n").awaitText(text -> text.contains("open"));

            assertThat(first.terminate(10)).isTrue();
            assertThat(terminal.awaitClose()).isEqualTo(1001);
        }
        assertThat(processesBelow(directory)).isNotEmpty();

        try (ServerProcess second = ServerProcess.start(directory)) {
            Caller alice = second.as(TestServer.ALICE);
            assertThat(alice.get("/containers/" + id + "/status").field("running"))
                    .isEqualTo("true");
            assertThat(alice.delete("/containers/" + id).status()).isEqualTo(200);
            assertThat(alice.get("/containers").text()).isEqualTo("[]");
            assertThat(second.terminate(10)).isTrue();
        }
        assertThat(processesBelow(directory)).isEmpty();
        assertThat(Files.readString(directory.resolve("log"))).doesNotContain(TestServer.ALICE, TestServer.ADMIN);
    }

    /** The kill comes when the fifth of twenty launches at once was acknowledged, so that others are at every step. */
    @Test
    void sigkill_duringLaunches_losesNoneThatWasAcknowledgedAndDoublesNone() throws Exception {
        Map<String, String> acknowledged = new ConcurrentHashMap<>();
        try (ServerProcess first = ServerProcess.start(directory)) {
            ExecutorService callers = Executors.newFixedThreadPool(LAUNCHES);
            CountDownLatch five = new CountDownLatch(5);
            List<CompletableFuture<Void>> launches = new ArrayList<>();
            for (int i = 0; i < LAUNCHES; i++) {
                String name = "web-" + i;
                launches.add(CompletableFuture.runAsync(
                        () -> {
                            launch(first, name)
                                    .filter(answer -> answer.status() == 200)
                                    .ifPresent(answer -> {
                                        acknowledged.put(name, answer.field("container_id"));
                                        five.countDown();
                                    });
                        },
                        callers));
            }
            assertThat(five.await(60, TimeUnit.SECONDS)).isTrue();
            first.kill();
            CompletableFuture.allOf(launches.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
            callers.shutdown();
        }

        try (ServerProcess second = ServerProcess.start(directory)) {
            Map<String, String> again = new TreeMap<>();
            for (int i = 0; i < LAUNCHES; i++) {
                Answer answer = launch(second, "web-" + i).orElseThrow();
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                again.put("web-" + i, answer.field("container_id"));
            }
            assertThat(again).containsAllEntriesOf(acknowledged);
            Caller alice = second.as(TestServer.ALICE);
            Set<String> listed = new LinkedHashSet<>();
            for (JsonNode container : alice.get("/containers").json()) {
                assertThat(listed.add(container.path("name").textValue())).isTrue();
                assertThat(container.path("status").textValue()).isEqualTo("running");
            }
            assertThat(listed).hasSize(LAUNCHES);
            assertThat(containersOnNode()).hasSize(LAUNCHES);

            for (String id : again.values()) {
                assertThat(alice.delete("/containers/" + id).status()).isEqualTo(200);
            }
            assertThat(alice.get("/containers").text()).isEqualTo("[]");
            assertThat(containersOnNode()).isEmpty();
            assertThat(second.terminate(10)).isTrue();
        }
        assertThat(processesBelow(directory)).isEmpty();
    }

    private static Optional<Answer> launch(ServerProcess server, String name) {
        try {
            return Optional.of(
                    server.as(TestServer.ALICE).post("/launch", Caller.launch("alice", name), "key-" + name));
        } catch (IOException killed) {
            return Optional.empty();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private List<Path> containersOnNode() throws IOException {
        try (Stream<Path> containers = Files.list(directory.resolve("nodes/control-plane/containers"))) {
            return containers.filter(Files::isDirectory).toList();
        }
    }

    /** Every process whose working directory or environment names this test's directory: what the node runs. */
    private static List<Path> processesBelow(Path directory) throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                    .filter(process -> workingDirectory(process).startsWith(directory.resolve("nodes")))
                    .toList();
        }
    }

    private static Path workingDirectory(Path process) {
        try {
            return process.resolve("cwd").toRealPath();
        } catch (IOException gone) {
            return Path.of("/");
        }
    }
}
