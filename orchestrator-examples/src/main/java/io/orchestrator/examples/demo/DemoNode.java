package io.orchestrator.examples.demo;

import io.orchestrator.Orchestrator;
import io.orchestrator.examples.bucket.BucketImage;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ImageBuilder;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.transport.docker.DockerTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the demo runs: the machine's container engine if it answers and has (or can get within 60 s) an image to use,
 * otherwise plain processes.
 *
 * @param uri the node's address, as {@code --node} takes it
 * @param engine what answered, for a person
 * @param containerImage the image of the demo's container; it has a shell
 * @param isolated whether containers are more than processes
 */
record DemoNode(String uri, String engine, String containerImage, boolean isolated) {
    private static final Duration TO_ANSWER = Duration.ofSeconds(3);
    private static final Duration TO_GET_AN_IMAGE = Duration.ofSeconds(60);
    /** Images with a Java runtime and a shell: the first is public, the second is what this project's tests build. */
    private static final List<String> BASE_IMAGES = List.of("eclipse-temurin:17-jre", "orchestrator-test/jre:17");

    /** Looks for an engine; says why there is none it can use. */
    static DemoNode choose(
            Map<String, String> environment, Path processes, String bucketImage, Optional<String> baseImage) {
        try (Orchestrator scratch = Orchestrator.builder("demo-look").build()) {
            DockerTransport docker = DockerTransport.fromEnvironment(environment);
            NodeSpec spec = NodeSpec.of("look", docker.endpoint());
            try (NodeTransport node = docker.connect(spec, scratch.name(), scratch.runtime())) {
                NodeReport report = node.probe(call(scratch, TO_ANSWER)).join();
                Optional<String> base =
                        base(scratch, node, baseImage.map(List::of).orElse(BASE_IMAGES));
                if (base.isPresent()) {
                    build(scratch, node, bucketImage, base.get());
                    return new DemoNode(docker.endpoint().toString(), report.engine(), base.get(), true);
                }
                System.out.println(
                        "         " + report.engine() + " answers, but no image with Java can be had from it");
            } catch (RuntimeException | IOException unusable) {
                System.out.println("         no container engine at " + docker.endpoint() + ": " + cause(unusable));
            }
        } catch (OrchestratorException unusable) {
            System.out.println("         DOCKER_HOST cannot be used: " + unusable.getMessage());
        }
        return new DemoNode("dev-process:" + processes, "local processes", "busybox", false);
    }

    private static Optional<String> base(Orchestrator scratch, NodeTransport node, List<String> candidates) {
        ImageStore images = node.as(ImageStore.class).orElseThrow();
        for (String image : candidates) {
            if (images.imageId(call(scratch, TO_ANSWER), image).isPresent()) {
                return Optional.of(image);
            }
        }
        String wanted = candidates.get(0);
        try {
            images.pull(call(scratch, TO_GET_AN_IMAGE), wanted, progress -> {});
            return Optional.of(wanted);
        } catch (OrchestratorException unavailable) {
            System.out.println("         '" + wanted + "' cannot be pulled: " + unavailable.getMessage());
            return Optional.empty();
        }
    }

    private static void build(Orchestrator scratch, NodeTransport node, String tag, String base) throws IOException {
        try (InputStream context = BucketImage.context(base)) {
            node.as(ImageBuilder.class)
                    .orElseThrow()
                    .build(call(scratch, TO_GET_AN_IMAGE), tag, context, progress -> {});
        }
    }

    private static CallContext call(Orchestrator scratch, Duration timeout) {
        return CallContext.startingNow(scratch.runtime()::nanoTime, timeout);
    }

    private static String cause(Exception failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        return String.valueOf(reason.getMessage());
    }
}
