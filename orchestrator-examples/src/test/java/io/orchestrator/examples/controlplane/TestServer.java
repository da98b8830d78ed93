package io.orchestrator.examples.controlplane;

import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server in this process with a node of local processes; closing it removes every container. */
final class TestServer implements AutoCloseable {
    static final String ADMIN = "admin-0123456789abcdef0123456789abcdef";
    static final String ALICE = "alice-0123456789abcdef0123456789abcdef";
    static final String BOB = "bobby-0123456789abcdef0123456789abcdef";

    private final ControlPlaneServer server;

    private TestServer(ControlPlaneServer server) {
        this.server = server;
    }

    static TestServer start(Path directory) throws IOException {
        return start(settings(directory));
    }

    static TestServer start(ServerSettings.Builder settings) {
        return new TestServer(ControlPlaneServer.start(settings.build()));
    }

    static ServerSettings.Builder settings(Path directory) throws IOException {
        return ServerSettings.builder(directory.resolve("data"))
                .port(0)
                .store("memory")
                .tokenFile(tokenFile(directory))
                .node("dev=dev-process:" + directory.resolve("nodes"));
    }

    static Path tokenFile(Path directory) throws IOException {
        return Files.writeString(
                directory.resolve("tokens"),
                "# who may call\n" + ADMIN + "\nalice user " + ALICE + "\nbob user " + BOB + "\n");
    }

    ControlPlaneServer server() {
        return server;
    }

    Caller admin() {
        return Caller.of(server.port(), ADMIN);
    }

    Caller alice() {
        return Caller.of(server.port(), ALICE);
    }

    Caller bob() {
        return Caller.of(server.port(), BOB);
    }

    Caller nobody() {
        return Caller.of(server.port(), "");
    }

    String launch(Caller caller, String user, String name) throws IOException, InterruptedException {
        return caller.post("/launch", Caller.launch(user, name)).field("container_id");
    }

    @Override
    public void close() {
        ContainerLauncher containers = server.orchestrator().containers();
        containers.list(ContainerQuery.all()).items().forEach(state -> containers
                .find(ContainerId.of(state.id().value()))
                .ifPresent(container -> container.remove()));
        server.close();
    }
}
