package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.router.Endpoint;
import io.javalin.security.Roles;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who may call what. The routes are the router's own list, so that none can be forgotten. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {
    private static final List<String> OPEN = List.of("/", "/health");
    private static final List<String> ADMINISTRATORS =
            List.of("/metrics", "/nodes", "/register_node/{node_id}", "/health_check/{node_id}");

    private TestServer server;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        server = TestServer.start(directory);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void everyRoute_withoutToken_answersTheSame401() throws Exception {
        List<Endpoint> routes = server.server().routes();
        assertThat(routes).hasSizeGreaterThan(20);

        for (Endpoint route : routes) {
            Answer answer = call(server.nobody(), route);

            if (OPEN.contains(route.path)) {
                assertThat(answer.status()).as(route.path).isEqualTo(200);
            } else {
                assertThat(answer.status()).as(route.path).isEqualTo(401);
                assertThat(answer.text()).isEqualTo("{\"detail\":\"a valid bearer token is required\"}");
                assertThat(answer.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
            }
        }
    }

    @Test
    void everyRoute_declaresOneRole() {
        assertThat(server.server().routes()).allSatisfy(route -> {
            Roles roles = route.metadata(Roles.class);
            assertThat(roles).as(route.path).isNotNull();
            assertThat(roles.getRoles()).as(route.path).hasSize(1);
        });
    }

    @Test
    void administratorsRoutes_withUsersToken_answer403() throws Exception {
        for (Endpoint route : server.server().routes()) {
            int status = call(server.alice(), route).status();

            if (ADMINISTRATORS.contains(route.path)) {
                assertThat(status).as(route.path).isEqualTo(403);
            } else {
                assertThat(status).as(route.path).isNotIn(401, 403);
            }
        }
    }

    @Test
    void everyContainerRoute_withAnothersId_answersAsForAnUnknownOne() throws Exception {
        String alices = server.launch(server.alice(), "alice", "private");
        String unknown = alices.replace(alices.charAt(25), alices.charAt(25) == 'z' ? 'y' : 'z');
        int compared = 0;

        for (Endpoint route : server.server().routes()) {
            if (route.path.startsWith("/containers/{container_id}")) {
                Answer foreign = call(server.bob(), route, alices);
                Answer absent = call(server.bob(), route, unknown);

                assertThat(foreign.status()).as(route.path).isEqualTo(404);
                assertThat(foreign.text()).as(route.path).isEqualTo(absent.text());
                assertThat(foreign.headers().map().keySet())
                        .isEqualTo(absent.headers().map().keySet());
                compared++;
            }
        }

        assertThat(compared).isGreaterThan(5);
        assertThat(server.bob().get("/containers").text()).doesNotContain(alices);
        assertThat(server.bob().get("/user/alice/containers").status()).isEqualTo(404);
        assertThat(server.alice().get("/containers/" + alices + "/status").field("running"))
                .isEqualTo("true");
        assertThat(server.admin().get("/containers").text()).contains(alices);
    }

    @Test
    void launch_forAnotherUser_answers404() throws Exception {
        Answer answer = server.bob().post("/launch", Caller.launch("alice", "not-bobs"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(server.admin().get("/user/alice/containers").text()).doesNotContain("not-bobs");
    }

    @Test
    void request_withTokenInAnotherWay_answers401() throws Exception {
        Caller nobody = server.nobody();
        String token = TestServer.ADMIN;
        List<HttpRequest.Builder> requests = List.of(
                nobody.request("/nodes?token=" + token),
                nobody.request("/nodes").header("Cookie", "token=" + token),
                nobody.request("/nodes").header("Authorization", "bearer " + token),
                nobody.request("/nodes").header("Authorization", "Bearer  " + token),
                nobody.request("/nodes").header("Authorization", token),
                nobody.request("/nodes").header("Authorization", "Bearer"),
                nobody.request("/nodes").header("Authorization", "Bearer " + token.substring(1)),
                nobody.request("/nodes").header("Authorization", "Bearer " + "x".repeat(5_000)),
                nobody.request("/nodes")
                        .header("Authorization", "Bearer " + token)
                        .header("Authorization", "Bearer " + token));

        for (HttpRequest.Builder request : requests) {
            assertThat(nobody.send(request.GET()).status()).isEqualTo(401);
        }
    }

    private static Answer call(Caller caller, Endpoint route) throws IOException, InterruptedException {
        return call(caller, route, "unknown");
    }

    private static Answer call(Caller caller, Endpoint route, String id) throws IOException, InterruptedException {
        String path = route.path.replaceAll("\\{[a-z_]+}", id);
        return caller.send(caller.request(path).method(route.method.name(), BodyPublishers.noBody()));
    }
}
