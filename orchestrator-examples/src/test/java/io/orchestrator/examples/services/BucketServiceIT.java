package io.orchestrator.examples.services;

import io.orchestrator.examples.bucket.BucketImage;
import io.orchestrator.kit.DockerEngine;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.ImageBuilder;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.Transport;
import io.orchestrator.testing.SettableRuntime;
import io.orchestrator.transport.docker.DockerTransport;
import java.io.IOException;
import java.io.InputStream;
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
        SettableRuntime runtime = SettableRuntime.create();
        try (InputStream context = BucketImage.context(DockerEngine.JRE);
                NodeTransport node =
                        DockerTransport.create().connect(NodeSpec.of("engine", engine.uri()), INSTALLATION, runtime)) {
            node.as(ImageBuilder.class)
                    .orElseThrow()
                    .build(
                            CallContext.startingNow(runtime::nanoTime, Duration.ofMinutes(1)),
                            IMAGE,
                            context,
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
