package io.orchestrator.examples.readme;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.transport.docker.DockerTransport;
import io.orchestrator.transport.process.DevProcessTransport;
import java.net.URI;
import java.time.Duration;

/** The README's first example. */
public final class Embedding {
    private Embedding() {}

    /** Runs it on the node given as the only argument, such as {@code unix:///var/run/docker.sock}. */
    public static void main(String[] args) {
        System.out.println(run(URI.create(args[0])));
    }

    static String run(URI node) {
        try (Orchestrator orchestrator = Orchestrator.builder("example")
                .transport(DockerTransport.create()) // unix:///var/run/docker.sock
                .transport(DevProcessTransport.create()) // dev-process:/tmp/example
                .build()) {
            orchestrator.nodes().register(NodeSpec.of("local", node));
            Container hello = orchestrator
                    .containers()
                    .launch(ContainerSpec.builder("busybox")
                            .owner("alice")
                            .idempotencyKey("hello-1")
                            .command("sh", "-c", "echo hello; exec sleep 60")
                            .build());
            String answer = hello.exec()
                    .run(ExecSpec.of("echo", "it runs"), Duration.ofSeconds(10))
                    .stdoutText();
            hello.remove();
            return answer;
        }
    }
}
