package io.orchestrator.transport.docker;

import io.orchestrator.kit.DockerEngine;
import io.orchestrator.kit.Gap;
import io.orchestrator.kit.NodeTransportContract;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ImageStore;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.VolumeStore;
import java.util.EnumSet;
import java.util.Set;

/** The contract of every transport, on a real engine. */
class DockerTransportIT extends NodeTransportContract {
    private final DockerEngine engine = DockerEngine.require();

    @Override
    protected NodeTransport connect(String installation, HostRuntime runtime) {
        return DockerTransport.create().connect(NodeSpec.of("engine", engine.uri()), installation, runtime);
    }

    @Override
    protected Set<Class<?>> abilities() {
        return Set.of(ExecRunner.class, ImageStore.class, LogSource.class, VolumeStore.class);
    }

    @Override
    protected String image() {
        // Debian's busybox has no nohup
        return DockerEngine.JRE;
    }

    @Override
    protected Set<Gap> gaps() {
        return EnumSet.of(Gap.UNKNOWN_COMMANDS);
    }

    @Override
    protected String createForeign(String name) {
        return engine.createForeign(name);
    }

    @Override
    protected void removeForeign(String engineId) {
        engine.remove(engineId);
    }
}
