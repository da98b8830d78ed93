package io.orchestrator.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes the tests on an engine be skipped instead of failing one by one. */
final class DockerEngineTest {
    @TempDir
    private Path directory;

    @Test
    void missing_noHost_namesTheVariable() {
        assertThat(DockerEngine.missing(Map.of())).contains("set DOCKER_HOST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix:///nowhere/docker.sock", "tcp://127.0.0.1:1", "not a uri"})
    void missing_hostThatDoesNotAnswer_namesIt(String host) {
        assertThat(DockerEngine.missing(Map.of("DOCKER_HOST", host)))
                .startsWith("no Docker engine answers at " + host)
                .contains(".ci/README.md");
    }

    @Test
    void missing_engineWithoutTheImages_namesTheScriptThatBuildsThem() throws IOException {
        Path socket = directory.resolve("s");
        try (ServerSocketChannel engine = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            engine.bind(UnixDomainSocketAddress.of(socket));
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> refuse(engine));

            assertThat(DockerEngine.missing(Map.of("DOCKER_HOST", "unix://" + socket)))
                    .contains(DockerEngine.BUSYBOX, ".ci/images");

            served.join();
        }
    }

    private static void refuse(ServerSocketChannel engine) {
        String answer = "HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\n{}";
        try (SocketChannel caller = engine.accept()) {
            caller.read(ByteBuffer.allocate(4_096));
            caller.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException broken) {
            throw new AssertionError("the caller went away", broken);
        }
    }
}
