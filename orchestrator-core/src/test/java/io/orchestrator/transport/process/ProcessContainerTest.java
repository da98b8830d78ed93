package io.orchestrator.transport.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.LogQuery;
import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.LogSource;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import io.orchestrator.spi.VolumeStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract does not say, because it is only so for processes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: processes can play containers only on Linux")
final class ProcessContainerTest {
    @TempDir
    Path directory;

    private LocalNode node;

    @BeforeEach
    void connect() {
        node = new LocalNode(
                directory,
                DevProcessTransport.builder()
                        .image("greeter", "printf", "%s-")
                        .image("greeter:2", "printf", "%s+")
                        .build());
    }

    @AfterEach
    void removeAll() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev-process:relative/dir",
                "dev-process://host/dir",
                "dev-process:/dir?query",
                "dev-process:/dir#part"
            })
    void connect_uriThatIsNoAbsoluteDirectory_isRefused(String uri) {
        NodeSpec spec = NodeSpec.of("local", URI.create(uri));

        assertThatThrownBy(() -> DevProcessTransport.create().connect(spec, "test", node.runtime))
                .isInstanceOf(OrchestratorException.class)
                .hasMessageContaining("dev-process:/absolute/directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "..", "a/b", "/etc", "", ".names"})
    void verbs_idThatCouldLeaveTheDirectory_areRefused(String hostile) {
        VolumeStore volumes = node.transport.as(VolumeStore.class).orElseThrow();

        List<Runnable> calls = List.of(
                () -> node.transport.start(node.call(), hostile),
                () -> node.transport.stop(node.call(), hostile, Duration.ZERO),
                () -> node.transport.remove(node.call(), hostile),
                () -> node.transport.inspect(node.call(), hostile),
                () -> volumes.removeVolume(node.call(), hostile),
                () -> volumes.volumeLabels(node.call(), hostile),
                () -> node.transport.create(
                        node.call(),
                        LocalNode.request(hostile, LocalNode.script("true").build())));

        assertThat(calls).allSatisfy(call -> assertThat(codeOf(call)).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void create_imageOfTheCatalogue_runsItsCommandWithTheSpecificationsAppended() throws Exception {
        String anyTag = node.run(ContainerSpec.builder("greeter:1").command("a", "b"));
        String oneTag = node.run(ContainerSpec.builder("greeter:2").command("a", "b"));
        String replaced =
                node.run(ContainerSpec.builder("greeter").entrypoint("echo").command("a"));

        assertThat(outputOf(anyTag)).isEqualTo("a-b-");
        assertThat(outputOf(oneTag)).isEqualTo("a+b+");
        assertThat(outputOf(replaced)).isEqualTo("a\n");
    }

    @Test
    void create_bareSystemWithoutCommand_staysAlive() {
        String id = node.run(ContainerSpec.builder("docker.io/library/ubuntu:24.04"));

        assertThat(node.inspect(id).running()).isTrue();
    }

    @Test
    void create_otherUser_isUnsupportedAndMakesNothing() {
        assertThat(codeOf(() -> node.create(LocalNode.script("true").user("nobody-here"))))
                .isEqualTo(ErrorCode.UNSUPPORTED);

        assertThat(node.list()).isEmpty();
        assertThat(Disk.entries(directory.resolve("test/containers"))).isEmpty();
    }

    @Test
    void create_secretsInTheEnvironment_areReadableForTheOwnerOnly() throws Exception {
        String id = node.run(LocalNode.script("exec sleep 1000").env("PASSWORD", "canary-1"));

        ContainerHome home = new ContainerHome(home(id), id);
        node.until("sleep", () -> home.main(1, node.processes)
                .filter(main -> commandLine(main).startsWith("sleep"))
                .isPresent());

        assertThat(permissions(home(id))).isEqualTo("rwx------");
        assertThat(everythingOf(id)).allMatch(file -> permissions(file).endsWith("------"));
        assertThat(node.processesOf(id))
                .noneMatch(process -> commandLine(process).contains("canary-1"));
    }

    @Test
    void start_ports_reachTheProcessAsVariables() throws Exception {
        PublishedPort port = new PublishedPort(8080, Protocol.TCP, "127.0.0.1", freePort());
        String id =
                node.run(LocalNode.script("echo $PORT $PORT_8080 $BIND_ADDRESS").env("PORT", "8080"), port);

        assertThat(outputOf(id)).isEqualTo("%1$d %1$d 127.0.0.1\n".formatted(port.hostPort()));
    }

    @Test
    void start_pathsOfMounts_becomeDirectories() throws Exception {
        String id = node.run(LocalNode.script(
                        "echo kept > $DATA_DIR/file; echo gone > $CACHE/file; echo $ORCHESTRATOR_VOLUME_MY_DATA $CACHE; pwd")
                .volume("my.data", "/srv/data")
                .tmpfs("/cache", 1)
                .workingDirectory("/srv/data")
                .env("DATA_DIR", "/srv/data")
                .env("CACHE", "/cache"));

        String[] words = outputOf(id).trim().split("\\s", -1);

        assertThat(words[2]).isEqualTo(words[0]);
        assertThat(Path.of(words[0]).resolve("file")).hasContent("kept\n");
        assertThat(Path.of(words[1])).doesNotExist();
        node.transport.remove(node.call(), id);
        assertThat(Path.of(words[0]).resolve("file")).hasContent("kept\n");
    }

    @Test
    void start_variablesThatAShellWouldChange_arriveUnchanged() throws Exception {
        ContainerSpec.Builder spec = ContainerSpec.builder("debian")
                .command("env")
                .env("with.dot", "1")
                .env("with-dash", "2")
                .env("OPTIND", "x")
                .env("UID", "77")
                .env("PPID", "y")
                .env("IFS", ",")
                .env("SECONDS", "z")
                .env(Marker.CONTAINER, "mine");

        String output = outputOf(node.run(spec));

        assertThat(output.lines())
                .contains("with.dot=1", "with-dash=2", "OPTIND=x", "UID=77", "PPID=y", "IFS=,", "SECONDS=z")
                .doesNotContain(Marker.CONTAINER + "=mine");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"setsid sleep 1000", "nohup sleep 1000", "sh -c '(setsid sh -c \"sleep 1000 & sleep 1000\" &)'"})
    void stop_processesThatLeftTheTree_endToo(String escape) {
        String id = node.run(LocalNode.script(escape + " >/dev/null 2>&1 & " + escape + " & exec sleep 1000"));
        node.until("growth of the tree", () -> node.processesOf(id).size() >= 6);

        node.transport.stop(node.call(), id, Duration.ofSeconds(5));

        assertThat(node.processesOf(id)).isEmpty();
        assertThat(node.inspect(id).phase()).isEqualTo(Phase.EXITED);
        assertThat(node.inspect(id).exitCode()).hasValue(143);
    }

    @Test
    void stop_signalThatShellsIgnoreInTheBackground_arrives() {
        String id = node.run(
                ContainerSpec.builder("debian").command("sleep", "1000").stopSignal("SIGINT"));

        node.transport.stop(node.call(), id, Duration.ofSeconds(20));

        assertThat(node.inspect(id).exitCode()).hasValue(130);
    }

    @Test
    void stop_rightAfterEachStart_alwaysLeavesTheExitCode() {
        String id = node.create(LocalNode.script("exec sleep 1000"));
        for (int round = 0; round < 20; round++) {
            node.transport.start(node.call(), id);

            node.transport.stop(node.call(), id, Duration.ofSeconds(10));

            assertThat(node.inspect(id).exitCode()).hasValue(143);
        }
    }

    @Test
    void start_afterTheMainProcessLeftOthersBehind_endsThemFirst() {
        String id = node.run(LocalNode.script("setsid sleep 1000 >/dev/null 2>&1 & exit 0"));
        node.until("end", () -> node.inspect(id).phase() == Phase.EXITED);
        List<ProcessTable.Entry> left = node.processes.marked(Marker.CONTAINER, Marker.run(id, 1)::equals);
        assertThat(left).isNotEmpty();

        node.transport.start(node.call(), id);

        node.until("end of the first run", () -> node.processes
                .marked(Marker.CONTAINER, Marker.run(id, 1)::equals)
                .isEmpty());
    }

    @Test
    void inspect_wrapperKilled_saysThatTheExitCodeIsUnknown() {
        String id = node.run(LocalNode.script("exec sleep 1000"));
        ContainerHome home = new ContainerHome(home(id), id);
        node.processes.kill(home.observe(node.processes).wrapper().orElseThrow());

        node.until("end", () -> node.inspect(id).phase() == Phase.EXITED);

        assertThat(node.inspect(id).exitCode()).isEmpty();
        assertThat(node.inspect(id).reason()).contains("without leaving an exit code");
        node.transport.start(node.call(), id);
        assertThat(node.processes.marked(Marker.CONTAINER, Marker.run(id, 1)::equals))
                .as("what the killed wrapper left")
                .isEmpty();
    }

    @Test
    void list_damagedMeta_isSkippedWithOneLineAndCanBeRemoved() throws Exception {
        String damaged = node.create(LocalNode.script("true"));
        String sound = node.create(LocalNode.script("true"));
        Files.writeString(home(damaged).resolve("meta.json"), "{\"name\": \"half");
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            assertThat(node.list()).extracting(ObservedContainer::engineId).containsExactly(sound);
            assertThat(node.list()).extracting(ObservedContainer::engineId).containsExactly(sound);
        } finally {
            System.setErr(before);
        }

        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(damaged)))
                .hasSize(1);
        node.transport.remove(node.call(), damaged);
        assertThat(home(damaged)).doesNotExist();
    }

    @Test
    void logs_floodOfOutput_keepsTheEndAndABoundedPart() throws Exception {
        String id = node.run(LocalNode.script("yes 0123456789 | head -c 150000000; echo; echo the end"));

        node.until("end", () -> node.inspect(id).phase() == Phase.EXITED);

        Output all = logs(id, new LogQuery(-1, false));
        assertThat(all.size()).isBetween(32 << 20, 64 << 20);
        assertThat(all.text()).endsWith("\nthe end\n");
        assertThat(logs(id, LogQuery.tail(1)).text()).isEqualTo("the end\n");
        assertThat(logs(id, LogQuery.tail(1_000_000)).text().lines()).hasSize(1_000_000);
        assertThat(everythingOf(id).stream()
                        .mapToLong(ProcessContainerTest::size)
                        .sum())
                .isLessThan(65L << 20);
    }

    @Test
    void logs_tailOverBothStreams_countsThemTogether() throws Exception {
        String id = node.run(LocalNode.script("echo one; echo two; sleep 0.1; echo err >&2"));
        node.until("end", () -> node.inspect(id).phase() == Phase.EXITED);

        Output two = logs(id, LogQuery.tail(2));

        assertThat(two.text()).isEqualTo("two\n");
        assertThat(two.errors()).isEqualTo("err\n");
        assertThat(two.kinds()).isEqualTo("oe");
    }

    @Test
    void logs_followed_keepTheOrderOfBothStreams() throws Exception {
        String id = node.run(LocalNode.script("for i in 1 2 3; do sleep 0.3; echo $i; sleep 0.3; echo $i >&2; done"));

        assertThat(logs(id, LogQuery.following()).kinds()).isEqualTo("oeoeoe");
    }

    private Output logs(String id, LogQuery query) throws Exception {
        Output output = new Output();
        node.transport.as(LogSource.class).orElseThrow().logs(node.call(), id, query, output);
        return output.await();
    }

    private String outputOf(String id) throws Exception {
        return logs(id, LogQuery.following()).text();
    }

    private Path home(String id) {
        return directory.resolve("test/containers").resolve(id);
    }

    private List<Path> everythingOf(String id) throws Exception {
        try (var files = Files.walk(home(id))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static String commandLine(ProcessTable.Entry process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (java.io.IOException ended) {
            return "";
        }
    }

    private static String permissions(Path file) {
        try {
            return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        } catch (java.io.IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static long size(Path file) {
        return file.toFile().length();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static ErrorCode codeOf(Runnable call) {
        OrchestratorException failure = catchThrowableOfType(OrchestratorException.class, call::run);
        assertThat(failure).isNotNull();
        return failure.code();
    }
}
