package io.orchestrator.kit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orchestrator.transport.docker.DockerTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;

/**
 * The Docker engine that {@code DOCKER_HOST} names, with the images that {@code .ci/images} builds, and a plain way to ask
 * it that shares nothing with the transport under test.
 */
public final class DockerEngine {
    /** A static busybox: {@code sh} and the usual small programs. */
    public static final String BUSYBOX = "orchestrator-test/busybox:1";
    /** Debian with a Java runtime. */
    public static final String JRE = "orchestrator-test/jre:17";
    /** Programs, but no shell. */
    public static final String NO_SHELL = "orchestrator-test/noshell:1";

    private static final String REQUIRED = "ORCHESTRATOR_TEST_REQUIRE_ENGINE";
    private static final AtomicBoolean TOLD = new AtomicBoolean();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI uri;

    private DockerEngine(URI uri) {
        this.uri = uri;
    }

    /**
     * The engine; without one that answers and has the images the calling test is skipped, or fails if {@code
     * ORCHESTRATOR_TEST_REQUIRE_ENGINE} is 1.
     */
    public static DockerEngine require() {
        if (Search.MISSING.isEmpty()) {
            return at(System.getenv());
        }
        if ("1".equals(System.getenv(REQUIRED))) {
            throw new AssertionError(Search.MISSING + "; " + REQUIRED + " forbids to go on without");
        }
        if (TOLD.compareAndSet(false, true)) {
            System.err.println("TESTS ON A REAL DOCKER ENGINE ARE SKIPPED: " + Search.MISSING);
        }
        return Assumptions.abort(Search.MISSING);
    }

    /** Once for all tests, which shall not differ in what they found. */
    private static final class Search {
        static final String MISSING = missing(System.getenv());
    }

    /** Why tests cannot use the engine of this environment; empty if they can. */
    static String missing(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        if (host.isBlank()) {
            return "no Docker engine: set DOCKER_HOST, see .ci/README.md";
        }
        for (String image : List.of(BUSYBOX, JRE, NO_SHELL)) {
            try {
                at(environment).get("/images/" + image + "/json");
            } catch (IllegalStateException refused) {
                return "the Docker engine at " + host + " has no '" + image + "': run .ci/images, see .ci/README.md";
            } catch (RuntimeException unusable) {
                return "no Docker engine answers at " + host + ", see .ci/README.md: " + unusable.getMessage();
            }
        }
        return "";
    }

    private static DockerEngine at(Map<String, String> environment) {
        return new DockerEngine(DockerTransport.fromEnvironment(environment).endpoint());
    }

    /** Where it listens. */
    public URI uri() {
        return uri;
    }

    /** What the engine's own API says. */
    public JsonNode get(String path) {
        return request("GET", path, "");
    }

    /** Sends JSON to the engine's own API. */
    public JsonNode post(String path, String body) {
        return request("POST", path, body);
    }

    /** Makes a container that this library knows nothing of, and returns its id. */
    public String createForeign(String name) {
        return post("/containers/create?name=" + name, "{\"Image\":\"" + BUSYBOX + "\",\"Cmd\":[\"sleep\",\"1000\"]}")
                .path("Id")
                .textValue();
    }

    /** Deletes a container, whosever it is. */
    public void remove(String engineId) {
        request("DELETE", "/containers/" + engineId + "?force=1&v=1", "");
    }

    /** Deletes an image that a test made. */
    public void removeImage(String name) {
        request("DELETE", "/images/" + name, "");
    }

    private JsonNode request(String method, String path, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.0\r\nHost: docker\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + content.length + "\r\n\r\n";
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(Path.of(uri.getPath())))) {
            ByteBuffer out = ByteBuffer.wrap((head + body).getBytes(StandardCharsets.UTF_8));
            while (out.hasRemaining()) {
                channel.write(out);
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer in = ByteBuffer.allocate(65_536);
            while (channel.read(in.clear()) >= 0) {
                answer.write(in.array(), 0, in.position());
            }
            String text = answer.toString(StandardCharsets.UTF_8);
            String answerBody = text.substring(text.indexOf("\r\n\r\n") + 4);
            int status = Integer.parseInt(text.substring(9, 12));
            if (status >= 400) {
                throw new IllegalStateException(method + " " + path + " gave " + status + ": " + answerBody);
            }
            return answerBody.isBlank() ? JSON.createObjectNode() : JSON.readTree(answerBody);
        } catch (IOException failure) {
            throw new UncheckedIOException("the engine at " + uri + " does not answer", failure);
        }
    }
}
