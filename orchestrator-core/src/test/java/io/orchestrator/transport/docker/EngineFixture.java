package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A node whose engine is a script. */
abstract class EngineFixture {
    static final String ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static final String INSTALLATION = "test";

    /** What an engine says of a running container of ours. */
    static final String OURS =
            "{\"Id\":\"" + ID + "\",\"Name\":\"/web\",\"State\":{\"Status\":\"running\",\"ExitCode\":0},"
                    + "\"Config\":{\"Labels\":{\"" + ContainerLabels.INSTALLATION + "\":\"" + INSTALLATION + "\"}}}";

    private HostRuntime runtime;
    private ScriptedEngine engine;
    private DockerNode node;

    @BeforeEach
    final void startEngine() throws IOException {
        runtime = new ThreadRuntime();
        engine = new ScriptedEngine(runtime);
        node = connect(engine.uri());
    }

    @AfterEach
    final void stopEngine() throws IOException {
        node.close();
        engine.close();
        runtime.close();
    }

    final HostRuntime runtime() {
        return runtime;
    }

    final ScriptedEngine engine() {
        return engine;
    }

    final DockerNode node() {
        return node;
    }

    final DockerNode connect(URI uri) {
        return (DockerNode) DockerTransport.create().connect(NodeSpec.of("edge-1", uri), INSTALLATION, runtime);
    }

    final CallContext call() {
        return call(Duration.ofSeconds(20));
    }

    final CallContext call(Duration timeout) {
        return CallContext.startingNow(runtime::nanoTime, timeout);
    }

    static CreateRequest request(ContainerSpec spec) {
        return new CreateRequest(
                "web",
                new TreeMap<>(Map.of(ContainerLabels.INSTALLATION, INSTALLATION)),
                spec,
                List.of(),
                new TreeMap<>());
    }

    static String json(int status, String body) {
        return answer(status, "application/json", body);
    }

    static String answer(int status, String type, String body) {
        String octets = new String(body.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return "HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nContent-Length: " + octets.length()
                + "\r\n\r\n" + octets;
    }

    static String refusal(int status, String message) {
        return json(status, "{\"message\":\"" + message + "\"}");
    }

    /** Answers inspections with a running container of ours, everything else as the script says. */
    final void knowing(ScriptedEngine.Script rest) {
        engine.script((request, peer) -> {
            if (request.startsWith("GET ") && request.contains("/containers/")) {
                peer.send(json(200, OURS));
            } else {
                rest.answer(request, peer);
            }
        });
    }

    static OrchestratorException failureOf(ThrowingCallable action) {
        Throwable failure = catchThrowable(action);
        assertThat(failure).isInstanceOf(OrchestratorException.class);
        return (OrchestratorException) failure;
    }
}
