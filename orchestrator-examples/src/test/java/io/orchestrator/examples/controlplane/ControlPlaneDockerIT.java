package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.kit.DockerEngine;
import io.orchestrator.spi.ContainerLabels;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program on a real engine, which is asked beside it what is there. */
class ControlPlaneDockerIT {
    @TempDir
    private Path directory;

    private final DockerEngine engine = DockerEngine.require();
    private final String installation = "jar-it-" + Long.toString(System.nanoTime(), 36);

    @AfterEach
    void removeWhatAFailedTestLeft() {
        ours().forEach(container -> engine.remove(container.path("Id").textValue()));
    }

    @Test
    void sigterm_withAContainerRunning_leavesItRunning() throws Exception {
        String id;
        try (ServerProcess first = start(engine.uri().toString())) {
            id = launch(first.as(TestServer.ALICE), "survivor").field("container_id");
            assertThat(first.terminate(10)).isTrue();
        }
        assertThat(ours()).singleElement().satisfies(container -> assertThat(
                        container.path("State").textValue())
                .isEqualTo("running"));

        try (ServerProcess second = start(engine.uri().toString())) {
            Caller alice = second.as(TestServer.ALICE);
            assertThat(alice.get("/containers/" + id + "/status").field("running"))
                    .isEqualTo("true");
            assertThat(alice.delete("/containers/" + id).status()).isEqualTo(200);
        }
        assertThat(ours()).isEmpty();
    }

    @Test
    void sigkill_duringLaunches_leavesNothingThatIsNotListed() throws Exception {
        CrashRound round = new CrashRound(directory, DockerEngine.NO_SHELL, () -> ours().size());

        round.run(options(engine.uri().toString()));

        assertThat(ours()).isEmpty();
    }

    /** The server sees the engine's socket through a link, which is what goes away and comes back. */
    @Test
    void requests_engineDown_sayItInOneSentenceAndWorkOnceItIsBack() throws Exception {
        Path socket = directory.resolve("engine.sock");
        Path enginesOwn = Path.of(engine.uri().getPath());
        Files.createSymbolicLink(socket, enginesOwn);
        String id;
        try (ServerProcess first = start("unix://" + socket)) {
            id = launch(first.as(TestServer.ALICE), "web").field("container_id");
            assertThat(first.terminate(10)).isTrue();
        }

        Files.delete(socket);
        try (ServerProcess second = start("unix://" + socket)) {
            Caller alice = second.as(TestServer.ALICE);
            Answer status = alice.get("/containers/" + id + "/status");
            Answer launch = launch(alice, "another");
            JsonNode health = alice.get("/health").json();
            Files.createSymbolicLink(socket, enginesOwn);

            for (Answer answer : List.of(status, launch)) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(503);
                assertThat(answer.field("code")).isIn("NODE_UNREACHABLE", "NO_NODE");
                assertThat(answer.detail()).contains("engine").doesNotContain("Exception", "\n");
            }
            assertThat(health.path("nodes").path("healthy").intValue()).isZero();
            assertThat(second.as(TestServer.ADMIN).get("/health_check/engine").field("healthy"))
                    .isEqualTo("true");
            assertThat(alice.get("/containers/" + id + "/status").field("running"))
                    .isEqualTo("true");
            assertThat(alice.delete("/containers/" + id).status()).isEqualTo(200);
        }
        Files.delete(socket);
        assertThat(ours()).isEmpty();
    }

    private ServerProcess start(String node) throws Exception {
        return ServerProcess.start(directory, options(node));
    }

    private String[] options(String node) {
        return new String[] {"--store", "file", "--installation", installation, "--node", "engine=" + node};
    }

    private static Answer launch(Caller caller, String name) throws Exception {
        return caller.post("/launch", Caller.launch("alice", name, DockerEngine.NO_SHELL));
    }

    /** What {@code docker ps -a} shows of this test's installation. */
    private List<JsonNode> ours() {
        String filters = "{\"label\":[\"" + ContainerLabels.INSTALLATION + "=" + installation + "\"]}";
        JsonNode found =
                engine.get("/containers/json?all=1&filters=" + URLEncoder.encode(filters, StandardCharsets.UTF_8));
        List<JsonNode> containers = new ArrayList<>();
        found.forEach(containers::add);
        return containers;
    }
}
