package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.LogStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlPlaneServerTest {
    private TestServer server;
    private Caller admin;
    private Caller alice;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.start(directory);
        admin = server.admin();
        alice = server.alice();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void container_fromLaunchToDelete_answersAsTheOriginalDid() throws Exception {
        Answer launched = alice.post(
                "/launch",
                """
                {"user_id": "alice", "config": {"image": "ubuntu:22.04", "name": "web", "env": {"MODE": "test"},
                 "cpu": 0.2, "memory": "512m", "ports": {"80/tcp": 0}}}""");

        assertThat(launched.status()).isEqualTo(200);
        String id = launched.field("container_id");
        assertThat(launched.field("id")).isEqualTo(id);
        assertThat(launched.field("name")).isEqualTo("web");
        assertThat(launched.field("status")).isEqualTo("running");
        int port = launched.json().path("ports").path("80/tcp").intValue();
        assertThat(launched.json().path("access_urls").path("port_80").textValue())
                .isEqualTo("http://127.0.0.1:" + port);
        assertThat(launched.field("host_ip")).isEqualTo("127.0.0.1");

        JsonNode status = alice.get("/containers/" + id + "/status").json();
        assertThat(status.path("running").booleanValue()).isTrue();
        assertThat(status.path("status").textValue()).isEqualTo("running");
        JsonNode binding = alice.get("/containers/" + id + "/ports").json().at("/ports/80~1tcp/0");
        assertThat(binding.path("HostPort").textValue()).isEqualTo(Integer.toString(port));
        assertThat(binding.path("HostIp").textValue()).isEqualTo("127.0.0.1");

        assertThat(alice.post("/containers/" + id + "/start", "").field("message"))
                .isEqualTo("Container web is already running");
        Answer stopped = alice.post("/containers/" + id + "/stop", "");
        assertThat(stopped.field("message")).isEqualTo("Container web stopped successfully");
        assertThat(stopped.field("status")).isEqualTo("stopped");
        assertThat(alice.post("/containers/" + id + "/stop", "").field("message"))
                .isEqualTo("Container web is already stopped");
        assertThat(alice.get("/containers/" + id + "/ports").json().path("ports"))
                .isEmpty();
        assertThat(alice.post("/containers/" + id + "/start", "").field("message"))
                .isEqualTo("Container web started successfully");
        assertThat(alice.post("/containers/" + id + "/restart", "").field("status"))
                .isEqualTo("running");
        assertThat(alice.get("/containers/" + id + "/logs").status()).isEqualTo(200);

        assertThat(alice.delete("/containers/" + id).field("message"))
                .isEqualTo("Container " + id + " deleted successfully");
        for (String path : List.of("/status", "/ports", "/logs")) {
            assertThat(alice.get("/containers/" + id + path).text()).isEqualTo("{\"detail\":\"Container not found\"}");
        }
        for (String action : List.of("/start", "/stop", "/restart")) {
            assertThat(alice.post("/containers/" + id + action, "").status()).isEqualTo(404);
        }
        assertThat(alice.delete("/containers/" + id).status()).isEqualTo(404);
    }

    @Test
    void explain_stoppedUnknownAndRemoved_tellsWhy() throws Exception {
        String id = server.launch(alice, "alice", "explained");
        alice.post("/containers/" + id + "/stop", "");

        Answer stopped = alice.get("/containers/" + id + "/explain");

        assertThat(stopped.field("reason")).isEqualTo("STOPPED_AS_DESIRED");
        assertThat(stopped.field("id")).isEqualTo(id);
        assertThat(stopped.field("message")).contains(id);
        assertThat(stopped.json().has("facts")).isFalse();
        assertThat(admin.get("/containers/" + id + "/explain").json().path("facts"))
                .isNotEmpty();
        assertThat(server.bob().get("/containers/" + id + "/explain").text())
                .isEqualTo("{\"detail\":\"Container not found\"}");
        alice.delete("/containers/" + id);
        assertThat(alice.get("/containers/" + id + "/explain").field("reason")).isEqualTo("REMOVED");
    }

    @Test
    void list_ofSeveralPages_leadsFromOneToTheNext() throws Exception {
        String first = server.launch(admin, "carol", "first");
        String second = server.launch(admin, "carol", "second");

        Answer page = admin.get("/user/carol/containers?limit=1");
        assertThat(page.json().at("/containers/0/container_id").textValue()).isEqualTo(first);
        Answer next = admin.get("/user/carol/containers?limit=1&cursor=" + page.field("next"));
        assertThat(next.json().at("/containers/0/container_id").textValue()).isEqualTo(second);
        assertThat(next.json().at("/containers/0").properties())
                .extracting(field -> field.getKey())
                .containsExactlyInAnyOrder("container_id", "image", "name", "status", "node_id", "created_at");
        Answer array = admin.get("/containers?limit=1&all=true");
        assertThat(array.json().isArray()).isTrue();
        assertThat(array.headers().firstValue("Link").orElseThrow())
                .startsWith("</containers?limit=1&cursor=")
                .endsWith(">; rel=\"next\"");
        assertThat(admin.get("/user/nobody-yet/containers").text()).isEqualTo("{\"containers\":[]}");
    }

    @Test
    void launch_takenName_conflictsAndStoresNothing() throws Exception {
        server.launch(alice, "alice", "taken");

        Answer again = alice.post("/launch", Caller.launch("alice", "taken"));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.detail()).contains("'taken'");
        assertThat(alice.get("/containers").text()).containsOnlyOnce("\"taken\"");
    }

    @Test
    void launch_hostPortAsked_isUsedOrRefused() throws Exception {
        int free;
        try (ServerSocket probe = new ServerSocket(0)) {
            free = probe.getLocalPort();
        }
        String body = "{\"user_id\":\"alice\",\"config\":{\"image\":\"alpine\",\"cpu\":0.1,\"memory\":\"64m\","
                + "\"ports\":{\"80/tcp\":" + free + "}}}";

        Answer first = alice.post("/launch", body);
        Answer second = alice.post("/launch", body);

        assertThat(first.json().at("/ports/80~1tcp").intValue()).isEqualTo(free);
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.field("code")).isEqualTo("PORT_TAKEN");
    }

    @Test
    void launch_unknownImage_answers404AndNothingRuns() throws Exception {
        Answer answer = alice.post(
                "/launch",
                """
                {"user_id": "alice", "config": {"image": "no-such-image:1", "cpu": 0.1, "memory": "64m"}}""");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.detail()).contains("no-such-image:1");
        assertThat(alice.get("/containers").json())
                .filteredOn(container -> container.path("image").asText().equals("no-such-image:1"))
                .allMatch(container -> container.path("status").asText().equals("failed"));
    }

    @Test
    void launch_sameIdempotencyKeyAtOnce_makesOneContainer() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        Callable<Answer> launch = () -> alice.post("/launch", Caller.launch("alice", "once"), "key-1");
        List<String> ids = new ArrayList<>();

        for (Future<Answer> answer : callers.invokeAll(List.of(launch, launch, launch, launch, launch, launch))) {
            ids.add(answer.get().field("container_id"));
        }

        callers.shutdown();
        assertThat(ids).hasSize(6).doesNotContain("").containsOnly(ids.get(0));
        Answer other = alice.post("/launch", Caller.launch("alice", "twice"), "key-1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.field("code")).isEqualTo("IDEMPOTENCY_MISMATCH");
        Answer foreign = server.bob().post("/launch", Caller.launch("bob", "once"), "key-1");
        assertThat(foreign.status()).isEqualTo(200);
        assertThat(foreign.field("container_id")).isNotIn(ids);
    }

    @Test
    void launch_repeatedWithItsKeyAfterTheDelete_answers409() throws Exception {
        String body = Caller.launch("alice", "gone");
        String id = alice.post("/launch", body, "gone-key").field("container_id");
        alice.delete("/containers/" + id);

        Answer again = alice.post("/launch", body, "gone-key");

        assertThat(again.status()).as(again.text()).isEqualTo(409);
        assertThat(again.field("code")).isEqualTo("CONFLICT");
        assertThat(again.detail()).contains("'" + id + "'", "removed", "another key");
    }

    /** The container ignores the polite signal, so that its stop goes on while the start arrives. */
    @Test
    void start_whileAStopRuns_answers409WithTheStopsId() throws Exception {
        Container stubborn = server.server()
                .orchestrator()
                .containers()
                .launch(ContainerSpec.builder("alpine:3")
                        .owner("alice")
                        .command("sh", "-c", "trap '' TERM; echo deaf; exec sleep 86400")
                        .stopGrace(Duration.ofSeconds(5))
                        .build());
        CountDownLatch deaf = new CountDownLatch(1);
        try (LogStream lines = stubborn.logs().follow(line -> deaf.countDown())) {
            assertThat(deaf.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(lines.awaitEnd(Duration.ofMillis(1))).isFalse();
        }
        String stop = stubborn.submit(Action.STOP).id().value();

        Answer start = alice.post("/containers/" + stubborn.id() + "/start", "");

        assertThat(start.status()).as(start.text()).isEqualTo(409);
        assertThat(start.field("code")).isEqualTo("BUSY");
        assertThat(start.detail()).contains(stop);
        stubborn.remove();
    }

    @Test
    void logs_ofMegabytesOfControlCharacters_areTheLastThatFit() throws Exception {
        Container loud = server.server()
                .orchestrator()
                .containers()
                .launch(ContainerSpec.builder("alpine:3")
                        .owner("alice")
                        .command(
                                "sh",
                                "-c",
                                "line=$(head -c 4000 /dev/zero | tr '\\0' '\\1'); for i in $(seq 1000); do echo \"$i$line\"; done; "
                                        + "echo the last; exec sleep 86400")
                        .build());
        CountDownLatch said = new CountDownLatch(1);
        try (LogStream lines = loud.logs().follow(line -> {
            if (line.text().equals("the last")) {
                said.countDown();
            }
        })) {
            assertThat(said.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(lines.awaitEnd(Duration.ofMillis(1))).isFalse();
        }

        String text = alice.get("/containers/" + loud.id() + "/logs?tail=1000")
                .json()
                .path("logs")
                .textValue();

        assertThat(text).endsWith("\nthe last").hasSizeBetween(400_000, 512 << 10);
        assertThat(text).matches("(?s)[0-9]{3}\\x01.*");
        assertThat(alice.get("/containers/" + loud.id() + "/logs?tail=1001").status())
                .isEqualTo(422);
        loud.remove();
    }

    @Test
    void logs_readBySomebodyWhoLeaves_areReadByOthersAfterwards() throws Exception {
        String id = server.launch(alice, "alice", "read-often");

        for (int i = 0; i < 20; i++) {
            assertThat(alice.get("/containers/" + id + "/logs").status()).isEqualTo(200);
        }
        assertThat(alice.get("/containers/unknown/logs").status()).isEqualTo(404);
    }

    @Test
    void node_registeredCheckedAndListed_showsItsState(@TempDir Path other) throws Exception {
        Answer registered = admin.send(admin.request("/register_node/second?url=dev-process:" + other)
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));

        assertThat(registered.text())
                .isEqualTo("{\"status\":\"success\",\"node_id\":\"second\",\"url\":\"dev-process:" + other + "\"}");
        assertThat(admin.get("/health_check/second").text()).isEqualTo("{\"node_id\":\"second\",\"healthy\":true}");
        assertThat(admin.get("/nodes").json().at("/nodes/0/is_healthy").booleanValue())
                .isTrue();
        assertThat(admin.get("/health_check/third").text()).isEqualTo("{\"detail\":\"Node not found\"}");
        server.server().orchestrator().nodes().remove(io.orchestrator.node.NodeId.of("second"));
    }

    @Test
    void registerNode_withoutOrWithUnusableUrl_answers422() throws Exception {
        for (String query : List.of("", "?url=not%20a%20url", "?url=http://10.0.0.1:8000", "?url=plain")) {
            Answer answer = admin.post("/register_node/bad" + query, "");

            assertThat(answer.status()).as(query).isEqualTo(422);
            assertThat(answer.json().path("errors")).as(query).isNotEmpty();
        }
        assertThat(admin.get("/nodes").text()).doesNotContain("bad");
    }

    @Test
    void about_health_andTemplates_haveTheOriginalsFields() throws Exception {
        assertThat(server.nobody().get("/").json().properties())
                .extracting(field -> field.getKey())
                .containsExactlyInAnyOrder("name", "version", "status", "docs", "health", "metrics");
        JsonNode health = server.nobody().get("/health").json();
        assertThat(health.path("status").textValue()).isEqualTo("healthy");
        assertThat(health.path("timestamp").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(health.at("/nodes/total").intValue()).isPositive();
        JsonNode templates = alice.get("/templates").json().path("templates");
        assertThat(templates)
                .extracting(template -> template.path("name").textValue())
                .contains("nginx");
    }

    @Test
    void metrics_afterManyPaths_nameTemplatesOnly() throws Exception {
        for (int i = 0; i < 50; i++) {
            alice.get("/containers/unknown" + i + "/status");
            alice.get("/no/such/path" + i);
        }

        String metrics = admin.get("/metrics").text();

        assertThat(metrics)
                .contains("orchestrator_requests_total{endpoint=\"/containers/{container_id}/status\",method=\"GET\"")
                .contains("orchestrator_request_duration_seconds_bucket")
                .contains("active_nodes ")
                .contains("active_containers ")
                .contains("websocket_connections ")
                .contains("active_bucket_services ")
                .doesNotContain("unknown7", "path7");
    }
}
