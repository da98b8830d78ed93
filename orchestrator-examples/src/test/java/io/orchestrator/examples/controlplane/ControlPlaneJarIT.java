package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program against its ends: the polite one and the other. */
class ControlPlaneJarIT {
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

    @Test
    void sigkill_duringLaunches_losesNoneThatWasAcknowledgedAndDoublesNone() throws Exception {
        CrashRound round = new CrashRound(directory, "alpine:3", this::containersOnNode);

        round.run("--store", "file", "--node", "dev=dev-process:nodes");

        assertThat(processesBelow(directory)).isEmpty();
    }

    @Test
    void start_onPostgresql_keepsItsRecordsThere() throws Exception {
        // as a production server, unlike this one's defaults
        var builder = EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on");
        try (EmbeddedPostgres database = builder.start()) {
            String[] options = {
                "--store", database.getJdbcUrl("postgres", "postgres"), "--node", "dev=dev-process:nodes"
            };
            String id;
            try (ServerProcess first = ServerProcess.start(directory, options)) {
                id = first.as(TestServer.ALICE)
                        .post("/launch", Caller.launch("alice", "kept"))
                        .field("container_id");
                first.kill();
            }

            try (ServerProcess second = ServerProcess.start(directory, options)) {
                Caller alice = second.as(TestServer.ALICE);
                assertThat(alice.get("/containers/" + id + "/status").field("running"))
                        .isEqualTo("true");
                assertThat(alice.delete("/containers/" + id).status()).isEqualTo(200);
                assertThat(second.terminate(10)).isTrue();
            }
        }
        assertThat(directory.resolve("data/store.db")).doesNotExist();
        assertThat(processesBelow(directory)).isEmpty();
    }

    @Test
    void start_twoNodes_registersBoth() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                directory, "--node", "one=dev-process:nodes/1", "--node", "two=dev-process:nodes/2")) {
            JsonNode nodes = server.as(TestServer.ADMIN).get("/nodes").json().path("nodes");

            assertThat(nodes)
                    .extracting(node -> node.path("node_id").textValue())
                    .containsExactly("one", "two");
            for (String node : List.of("one", "two")) {
                assertThat(server.as(TestServer.ADMIN)
                                .get("/health_check/" + node)
                                .field("healthy"))
                        .isEqualTo("true");
            }
        }
    }

    /** A container exists while it holds its name; a directory without one is of a create that the kill cut short. */
    private int containersOnNode() throws IOException {
        try (Stream<Path> held = Files.walk(directory.resolve("nodes/.names"))) {
            return held.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("/.new-"))
                    .toList()
                    .size();
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
