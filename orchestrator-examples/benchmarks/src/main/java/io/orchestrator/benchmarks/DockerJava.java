package io.orchestrator.benchmarks;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.RestartPolicy;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.zerodep.ZerodepDockerHttpClient;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.spi.CreateRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The peer: docker-java with its transport without dependencies, and the same container in its words. */
final class DockerJava implements AutoCloseable {
    private final DockerClient client;

    DockerJava(URI engine) {
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(engine.toString())
                .withDockerTlsVerify(false)
                .withApiVersion("1.41")
                .build();
        client = DockerClientImpl.getInstance(
                config,
                new ZerodepDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
    }

    void ping() {
        client.pingCmd().exec();
    }

    String inspect(String id) {
        return client.inspectContainerCmd(id).exec().getId();
    }

    String launch(CreateRequest request) {
        ContainerSpec spec = request.spec();
        var create = client.createContainerCmd(spec.image())
                .withName(request.name())
                .withCmd(spec.command())
                .withLabels(request.labels())
                .withStopSignal(spec.stopSignal())
                .withStopTimeout((int) spec.stopGrace().toSeconds())
                .withHostConfig(hostConfig(spec));
        try (create) {
            String id = create.exec().getId();
            client.startContainerCmd(id).exec();
            return id;
        }
    }

    /** What the library's own transport asks for; each launch is checked to be the same on the engine. */
    private static HostConfig hostConfig(ContainerSpec spec) {
        long memory = spec.limits().memoryMib() << 20;
        return HostConfig.newHostConfig()
                .withInit(true)
                .withPrivileged(false)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withCapDrop(Capability.ALL)
                .withCapAdd(
                        Capability.CHOWN,
                        Capability.SETUID,
                        Capability.SETGID,
                        Capability.DAC_OVERRIDE,
                        Capability.FOWNER,
                        Capability.KILL,
                        Capability.NET_BIND_SERVICE)
                .withMemory(memory)
                .withMemorySwap(memory)
                .withNanoCPUs(spec.limits().cpuMillis() * 1_000_000)
                .withPidsLimit((long) spec.limits().pids())
                .withReadonlyRootfs(spec.readOnlyRoot())
                .withRestartPolicy(RestartPolicy.noRestart())
                .withLogConfig(new LogConfig(LogConfig.LoggingType.LOCAL, Map.of("max-size", "10m", "max-file", "3")));
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
