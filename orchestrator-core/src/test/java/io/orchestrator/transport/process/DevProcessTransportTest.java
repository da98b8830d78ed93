package io.orchestrator.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.kit.Gap;
import io.orchestrator.kit.NodeTransportContract;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ExecRunner;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.NodeTransport;
import io.orchestrator.spi.VolumeStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The contract, with /proc asked afterwards whether anything was left. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: processes can play containers only on Linux")
final class DevProcessTransportTest extends NodeTransportContract {
    @TempDir
    static Path directory;

    @TempDir
    private Path scratch;

    private final DevProcessTransport transport = DevProcessTransport.create();
    private final HostRuntime foreignRuntime = new ThreadRuntime();

    @Override
    protected NodeTransport connect(String installation, HostRuntime runtime) {
        return transport.connect(NodeSpec.of("local", URI.create("dev-process:" + directory)), installation, runtime);
    }

    @Override
    protected Set<Class<?>> abilities() {
        return Set.of(ExecRunner.class, LogSource.class, VolumeStore.class);
    }

    @Override
    protected String image() {
        return "debian:bookworm";
    }

    @Override
    protected Set<Gap> gaps() {
        return EnumSet.of(Gap.USERS);
    }

    /** Its containers share the machine's /tmp, which is not theirs to fill. */
    @Override
    protected String scratch() {
        return scratch.toString();
    }

    @Override
    protected String mounted(String path) {
        return "$ORCHESTRATOR_VOLUME_" + path.substring(1).toUpperCase(java.util.Locale.ROOT);
    }

    @Override
    protected String createForeign(String name) {
        CreateRequest request = new CreateRequest(
                name, new TreeMap<>(), ContainerSpec.builder(image()).build(), List.of(), new TreeMap<>());
        try (NodeTransport foreign = connect("foreign", foreignRuntime)) {
            return foreign.create(call(), request);
        }
    }

    @Override
    protected void removeForeign(String engineId) {
        try (NodeTransport foreign = connect("foreign", foreignRuntime)) {
            foreign.remove(call(), engineId);
        }
    }

    private static boolean names(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(directory.toString());
        } catch (IOException ended) {
            return false;
        }
    }

    private CallContext call() {
        return CallContext.startingNow(foreignRuntime::nanoTime, Duration.ofSeconds(10));
    }

    @AfterEach
    void closeRuntime() {
        foreignRuntime.close();
    }

    @AfterAll
    static void assertNothingIsLeft() {
        // other JVMs may play containers too: ours name the directory
        assertThat(Disk.entries(Path.of("/proc")))
                .filteredOn(process -> process.getFileName().toString().matches("[0-9]+"))
                .noneMatch(process -> names(process.resolve("environ")) || names(process.resolve("cmdline")));
        assertThat(Disk.entries(directory.resolve(".names"))).isEmpty();
    }
}
