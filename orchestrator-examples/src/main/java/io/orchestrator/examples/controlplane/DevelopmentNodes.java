package io.orchestrator.examples.controlplane;

import io.orchestrator.examples.bucket.BucketService;
import io.orchestrator.spi.Transport;
import io.orchestrator.transport.process.DevProcessTransport;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Nodes that run containers as plain processes of this machine. They isolate nothing. */
final class DevelopmentNodes {
    private DevelopmentNodes() {}

    /** Knows the bare operating systems, and as the bucket image the bucket service of this very program. */
    static Transport transport(String bucketImage) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return DevProcessTransport.builder()
                .image(bucketImage, java, "-Xmx64m", "-cp", program(), BucketService.class.getName())
                .build();
    }

    private static String program() {
        try {
            return Path.of(BucketService.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("this program's own jar has no path", impossible);
        }
    }
}
