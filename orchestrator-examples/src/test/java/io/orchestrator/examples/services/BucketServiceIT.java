package io.orchestrator.examples.services;

import io.orchestrator.examples.bucket.BucketService;
import io.orchestrator.kit.DockerEngine;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ImageBuilder;
import io.orchestrator.spi.Transport;
import io.orchestrator.testing.SettableRuntime;
import io.orchestrator.transport.docker.DockerTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;

/** The bucket service in an image that was built here, on a real engine. */
class BucketServiceIT extends BucketScenario {
    private static final String IMAGE = "orchestrator-test/bucket-service:1";
    private static final String INSTALLATION =
            "bucket-it-" + ProcessHandle.current().pid();

    private final DockerEngine engine = DockerEngine.require();

    @BeforeAll
    static void buildTheImage() throws IOException {
        DockerEngine engine = DockerEngine.require();
        Path classes = BucketOnProcessesTest.classes();
        String dockerfile = String.join(
                "\n",
                "FROM " + DockerEngine.JRE,
                "COPY app /app",
                "ENTRYPOINT [\"java\", \"-Xmx48m\", \"-XX:+UseSerialGC\", \"-cp\", \"/app:/app/bucket.jar\", \""
                        + BucketService.class.getName() + "\"]",
                "");
        TarWriter context = new TarWriter();
        context.file("Dockerfile", dockerfile.getBytes(StandardCharsets.UTF_8));
        if (Files.isDirectory(classes)) {
            context.directory("app", classes, classes.resolve("io/orchestrator/examples/bucket"));
        } else {
            context.file("app/bucket.jar", Files.readAllBytes(classes));
        }
        SettableRuntime runtime = SettableRuntime.create();
        try (var node = DockerTransport.create().connect(NodeSpec.of("engine", engine.uri()), INSTALLATION, runtime)) {
            node.as(ImageBuilder.class)
                    .orElseThrow()
                    .build(
                            CallContext.startingNow(runtime::nanoTime, Duration.ofMinutes(1)),
                            IMAGE,
                            context.stream(),
                            progress -> {});
        } finally {
            runtime.close();
        }
    }

    @Override
    Transport transport() {
        return DockerTransport.create();
    }

    @Override
    NodeSpec node() {
        return NodeSpec.of("engine", engine.uri());
    }

    @Override
    String image() {
        return IMAGE;
    }

    @Override
    String installation() {
        return INSTALLATION;
    }
}
