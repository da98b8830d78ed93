package io.orchestrator.examples.services;

import io.orchestrator.examples.bucket.BucketService;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.service.bucket.ReferenceBucket;
import io.orchestrator.spi.Transport;
import io.orchestrator.transport.process.DevProcessTransport;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** The bucket service as a plain process of this machine. */
class BucketOnProcessesTest extends BucketScenario {
    @Override
    Transport transport() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return DevProcessTransport.builder()
                .image(image(), java, "-Xmx64m", "-cp", classes().toString(), BucketService.class.getName())
                .build();
    }

    static Path classes() {
        try {
            return Path.of(BucketService.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    NodeSpec node() {
        return NodeSpec.of("here", URI.create("dev-process:" + directory.resolve("node")));
    }

    @Override
    String image() {
        return ReferenceBucket.IMAGE;
    }

    @Override
    String installation() {
        return "buckets";
    }
}
