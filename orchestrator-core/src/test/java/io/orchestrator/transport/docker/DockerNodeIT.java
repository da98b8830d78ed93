package io.orchestrator.transport.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ExecSession;
import io.orchestrator.container.ExecSpec;
import io.orchestrator.container.OutputChunk;
import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.container.TerminalSize;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.kit.DockerEngine;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.ObservedContainer.Phase;
import io.orchestrator.spi.Waiter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a Docker engine has, seen through the engine's own eyes. */
class DockerNodeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DockerEngine engine = DockerEngine.require();
    private final HostRuntime runtime = new ThreadRuntime();
    private String installation = "";
    private DockerNode node = connect();
    private final TreeMap<String, String> labels = new TreeMap<>();

    @BeforeEach
    void reconnect() {
        byte[] random = new byte[6];
        runtime.randomBytes(random);
        installation = "it-" + HexFormat.of().formatHex(random);
        labels.put(ContainerLabels.INSTALLATION, installation);
        node = connect();
    }

    @AfterEach
    void removeAll() {
        List<String> ids = new ArrayList<>();
        node.list(call(), container -> ids.add(container.engineId()));
        ids.forEach(id -> node.remove(call(), id));
        List<String> volumes = new ArrayList<>();
        node.listVolumes(call(), volumes::add);
        volumes.forEach(volume -> node.removeVolume(call(), volume));
        node.close();
        runtime.close();
    }

    @Test
    void create_defaultsAndWishes_areWhatTheEngineRunsWith() {
        node.createVolume(call(), installation + "-data", labels);
        ContainerSpec spec = ContainerSpec.builder(DockerEngine.BUSYBOX)
                .entrypoint("sleep", "1000")
                .cpus(0.25)
                .memoryMib(64)
                .pids(33)
                .user("7:8")
                .workingDirectory("/tmp")
                .env("KEY", "value")
                .volume(new VolumeMount("data", "/data", true))
                .tmpfs("/scratch", 5)
                .readOnlyRoot(true)
                .stopSignal("SIGINT")
                .stopGrace(Duration.ofMillis(2_500))
                .build();
        PublishedPort port = new PublishedPort(8080, Protocol.TCP, "127.0.0.1", 29_733);

        String id = node.create(
                call(),
                new CreateRequest(
                        installation,
                        labels,
                        spec,
                        List.of(port),
                        new TreeMap<>(Map.of("data", installation + "-data"))));
        node.start(call(), id);

        JsonNode host = engine.get("/containers/" + id + "/json").path("HostConfig");
        assertThat(host.path("Init").booleanValue()).isTrue();
        assertThat(host.path("Privileged").booleanValue()).isFalse();
        assertThat(texts(host.path("SecurityOpt"))).containsExactly("no-new-privileges");
        assertThat(texts(host.path("CapDrop"))).containsExactly("ALL");
        assertThat(texts(host.path("CapAdd")))
                .extracting(capability -> capability.replace("CAP_", ""))
                .containsExactlyInAnyOrder(
                        "CHOWN", "SETUID", "SETGID", "DAC_OVERRIDE", "FOWNER", "KILL", "NET_BIND_SERVICE");
        assertThat(host.path("PidsLimit").intValue()).isEqualTo(33);
        assertThat(host.path("Memory").longValue()).isEqualTo(64L << 20);
        assertThat(host.path("MemorySwap").longValue()).isIn(64L << 20, -1L);
        assertThat(host.path("NanoCpus").longValue()).isEqualTo(250_000_000);
        assertThat(host.path("ReadonlyRootfs").booleanValue()).isTrue();
        assertThat(host.path("RestartPolicy").path("Name").textValue()).isEqualTo("no");
        assertThat(host.path("LogConfig").path("Config").path("max-size").textValue())
                .isEqualTo("10m");
        assertThat(host.path("LogConfig").path("Config").path("max-file").textValue())
                .isEqualTo("3");
        assertThat(host.path("Binds").size()).isZero();
        assertThat(List.of(
                        host.path("NetworkMode").asText(),
                        host.path("PidMode").asText(),
                        host.path("IpcMode").asText()))
                .doesNotContain("host");
        JsonNode config = engine.get("/containers/" + id + "/json").path("Config");
        assertThat(config.path("StopSignal").textValue()).isEqualTo("SIGINT");
        assertThat(config.path("StopTimeout").intValue()).isEqualTo(3);
        assertThat(node.inspect(call(), id).orElseThrow().ports()).containsExactly(port);
        assertThat(run(id, "id -u; id -g; pwd; echo $KEY; grep -c ^Cap.*0000 /proc/self/status"))
                .startsWith("7\n8\n/tmp\nvalue\n");
        assertThat(run(id, "grep ' /scratch ' /proc/mounts")).contains("noexec", "nosuid", "nodev", "size=5120k");
        assertThat(run(id, "grep ' /data ' /proc/mounts")).contains("ro,");
        assertThat(run(id, "grep NoNewPrivs /proc/self/status")).contains("1");
    }

    @Test
    void probe_engine_tellsWhatItIs() throws Exception {
        NodeReport report = node.probe(call()).get(10, TimeUnit.SECONDS);

        JsonNode info = engine.get("/info");
        assertThat(report.engine()).endsWith(info.path("ServerVersion").textValue());
        assertThat(report.cpus()).isEqualTo(info.path("NCPU").intValue());
        assertThat(report.memoryMib()).isEqualTo(info.path("MemTotal").longValue() >> 20);
        assertThat(report.abilities()).containsExactly("exec", "images", "logs", "terminal", "volumes");
    }

    @Test
    void start_unknownCommand_endsWith127() {
        String id = create(ContainerSpec.builder(DockerEngine.BUSYBOX).entrypoint("/no/such/command"));

        node.start(call(), id);

        until(() -> node.inspect(call(), id).orElseThrow().phase() == Phase.EXITED);
        assertThat(node.inspect(call(), id).orElseThrow().exitCode()).hasValue(127);
    }

    @Test
    void inspect_longestCommandThereIs_isReadAndRemoved() {
        // the engine writes each of these bytes as six, and the whole of them twice
        String[] command = new String[8];
        Arrays.fill(command, "\u0001".repeat(131_000));

        String id = create(ContainerSpec.builder(DockerEngine.BUSYBOX).command(command));

        assertThat(node.inspect(call(), id)).isPresent();
        List<String> listed = new ArrayList<>();
        node.list(call(), container -> listed.add(container.engineId()));
        assertThat(listed).containsExactly(id);
        node.remove(call(), id);
        assertThat(node.inspect(call(), id)).isEmpty();
    }

    @Test
    void inspect_outOfMemory_saysSo() {
        String id = create(ContainerSpec.builder(DockerEngine.JRE)
                .memoryMib(8)
                .entrypoint("sh", "-c", "head -c 100000000 /dev/zero | tail"));

        node.start(call(), id);

        until(() -> node.inspect(call(), id).orElseThrow().phase() == Phase.EXITED);
        assertThat(node.inspect(call(), id).orElseThrow().reason()).contains("out of memory");
    }

    @Test
    void start_portBusy_leavesACreatedContainerThatSaysWhy() {
        PublishedPort port = new PublishedPort(80, Protocol.TCP, "127.0.0.1", 29_734);
        String first = create(sleeping(), port);
        node.start(call(), first);
        String second = create(sleeping(), port);

        OrchestratorException failure =
                catchThrowableOfType(OrchestratorException.class, () -> node.start(call(), second));

        assertThat(failure.code()).isEqualTo(ErrorCode.PORT_TAKEN);
        assertThat(node.inspect(call(), second).orElseThrow().phase()).isEqualTo(Phase.CREATED);
        assertThat(node.inspect(call(), second).orElseThrow().reason()).contains("29734");
    }

    @ParameterizedTest
    @ValueSource(strings = {DockerEngine.BUSYBOX, DockerEngine.JRE})
    void close_childrenInEveryDisguise_leavesNoProcessAndNoZombie(String image) {
        String id = running(ContainerSpec.builder(image).entrypoint("sleep", "1000"));
        // the init process and what it starts
        int before = 2;
        until(() -> processes(id).size() == before);
        Output output = new Output();
        ExecSession session = node.exec(
                call(),
                id,
                ExecSpec.builder(
                                "sh",
                                "-c",
                                "setsid sleep 901 & (sleep 902 &) ; (setsid sh -c 'sleep 903 & sleep 904' &) ;"
                                        + " trap '' TERM HUP INT; sh -c 'trap \"\" HUP; sleep 905' & echo up; sleep 906")
                        .env("LINES_IN_IT", "a\nb=c\n")
                        .terminal(TerminalSize.DEFAULT)
                        .build(),
                output);
        until(() -> output.text().contains("up") && sleeping(id) == 6);

        session.close();

        assertThat(session.exit()).isDone();
        until(() -> processes(id).size() == before);
        assertThat(processes(id)).noneMatch(line -> line.contains("defunct"));
    }

    @Test
    void exec_imageWithoutShell_endsWith126AndClosesQuickly() {
        String id = running(ContainerSpec.builder(DockerEngine.NO_SHELL).entrypoint("/sleep", "1000"));
        Output output = new Output();

        ExecSession session = node.exec(call(), id, ExecSpec.of("sh", "-c", "echo never"), output);

        until(() -> session.exit().isDone());
        assertThat(session.exit().join()).isIn(126, 127);
        assertThat(output.text()).containsIgnoringCase("exec");
        session.close();
    }

    @Test
    void close_runningCommandInImageWithoutShell_saysThatItIsNotConfirmed() {
        String id = running(ContainerSpec.builder(DockerEngine.NO_SHELL).entrypoint("/sleep", "1000"));
        ExecSession session = node.exec(call(), id, ExecSpec.of("/sleep", "900"), new Output());
        until(() -> processes(id).stream().anyMatch(line -> line.contains("/sleep 900")));

        OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, session::close);

        assertThat(failure.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        assertThat(failure).hasMessageContaining("no shell");
    }

    @Test
    void exec_containerNotRunning_isAConflict() {
        String id = create(sleeping());

        OrchestratorException failure = catchThrowableOfType(
                OrchestratorException.class, () -> node.exec(call(), id, ExecSpec.of("true"), new Output()));

        assertThat(failure.code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void build_contextWithDockerfile_makesTheImageAndTellsFailures() {
        String tag = installation + ":1";
        List<String> told = new ArrayList<>();
        try {
            node.build(call(), tag, tar("FROM " + DockerEngine.BUSYBOX + "\nLABEL made=here\n"), told::add);

            assertThat(node.imageId(call(), tag)).isPresent();
            assertThat(told).anyMatch(line -> line.contains("Successfully built"));
            OrchestratorException failure = catchThrowableOfType(
                    OrchestratorException.class,
                    () -> node.build(call(), tag, tar("FROM " + DockerEngine.BUSYBOX + "\nRUN exit 9\n"), word -> {}));
            assertThat(failure.code()).isEqualTo(ErrorCode.ENGINE_ERROR);
            assertThat(failure).hasMessageContaining("exit 9");
        } finally {
            engine.removeImage(tag);
        }
    }

    private DockerNode connect() {
        return (DockerNode)
                DockerTransport.create().connect(NodeSpec.of("engine", engine.uri()), installation, runtime);
    }

    private CallContext call() {
        return CallContext.startingNow(runtime::nanoTime, PATIENCE);
    }

    private static ContainerSpec.Builder sleeping() {
        return ContainerSpec.builder(DockerEngine.BUSYBOX).entrypoint("sleep", "1000");
    }

    private String create(ContainerSpec.Builder spec, PublishedPort... ports) {
        byte[] random = new byte[4];
        runtime.randomBytes(random);
        String name = installation + "-" + HexFormat.of().formatHex(random);
        return node.create(call(), new CreateRequest(name, labels, spec.build(), List.of(ports), new TreeMap<>()));
    }

    private String running(ContainerSpec.Builder spec) {
        String id = create(spec);
        node.start(call(), id);
        return id;
    }

    private String run(String id, String script) {
        Output output = new Output();
        try (ExecSession session = node.exec(call(), id, ExecSpec.of("sh", "-c", script), output)) {
            until(() -> session.exit().isDone());
        }
        return output.text();
    }

    /** One line for each process of the container, as the engine lists them. */
    private List<String> processes(String id) {
        List<String> lines = new ArrayList<>();
        engine.get("/containers/" + id + "/top")
                .path("Processes")
                .forEach(line -> lines.add(String.join(" ", texts(line))));
        return lines;
    }

    private long sleeping(String id) {
        return processes(id).stream()
                .filter(line -> line.matches("(\\S+ ){7}sleep 90[1-6]"))
                .count();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.textValue()));
        return texts;
    }

    private void until(BooleanSupplier condition) {
        Waiter waiter = runtime.waiter();
        long begin = runtime.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(runtime.nanoTime() - begin)).isLessThan(PATIENCE);
            waiter.await(() -> false, Duration.ofMillis(20));
        }
    }

    /** A tar archive with a Dockerfile. */
    private static ByteArrayInputStream tar(String dockerfile) {
        byte[] content = dockerfile.getBytes(StandardCharsets.UTF_8);
        byte[] archive = new byte[512 + 512 + 1024];
        put(archive, 0, "Dockerfile");
        put(archive, 100, "0000644");
        put(archive, 124, String.format(Locale.ROOT, "%011o", content.length));
        put(archive, 136, "00000000000");
        put(archive, 148, "        ");
        put(archive, 156, "0");
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += archive[i];
        }
        put(archive, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
        System.arraycopy(content, 0, archive, 512, content.length);
        return new ByteArrayInputStream(archive);
    }

    private static void put(byte[] archive, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, archive, offset, bytes.length);
    }

    private static final class Output implements Flow.Subscriber<OutputChunk> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(OutputChunk chunk) {
            byte[] part = new byte[chunk.bytes().remaining()];
            chunk.bytes().get(part);
            bytes.writeBytes(part);
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onComplete() {}

        String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
