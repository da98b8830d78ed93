package io.orchestrator.transport.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.ObservedContainer.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs on one directory, and JVMs that are killed. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "SKIPPED: processes can play containers only on Linux")
final class ManyHostsTest {
    @TempDir
    Path directory;

    private LocalNode node;
    private final List<Process> hosts = new ArrayList<>();

    @BeforeEach
    void connect() {
        node = new LocalNode(directory);
    }

    @AfterEach
    void endHosts() {
        hosts.forEach(Process::destroyForcibly);
        node.close();
    }

    /** Each host is killed while it creates and starts one container after the other, at a moment nobody chose. */
    @Test
    void start_hostKilledMeanwhile_everyContainerIsFoundAndRunsOnce() throws Exception {
        List<String> told = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            Process host = host(true, "start", directory.toString());
            try (BufferedReader lines = host.inputReader()) {
                for (int i = 0; i < 5 + round; i++) {
                    told.add(lines.readLine());
                }
                // the handle, because the process would close what can still be read
                host.toHandle().destroyForcibly();
                lines.lines().forEach(told::add);
            }
        }

        List<ObservedContainer> found = node.list();
        found.forEach(container -> node.transport.start(node.call(), container.engineId()));

        assertThat(told).hasSizeGreaterThanOrEqualTo(26);
        assertThat(found).extracting(ObservedContainer::engineId).containsAll(told);
        assertThat(found.size()).isLessThanOrEqualTo(told.size() + 4);
        for (ObservedContainer container : found) {
            String id = container.engineId();
            node.until("the one process of '" + id + "'", () -> mainProcesses(id) == 1);
            assertThat(node.inspect(id).phase()).isEqualTo(Phase.RUNNING);
        }
        found.forEach(container -> node.transport.remove(node.call(), container.engineId()));
        assertThat(node.list()).isEmpty();
        assertThat(found).allSatisfy(container -> assertThat(node.processesOf(container.engineId()))
                .isEmpty());
        assertThat(Disk.entries(directory.resolve(LocalNode.INSTALLATION).resolve("containers")))
                .as("what is left on disk of creates that were cut short")
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void create_sameNamesFromTwoHosts_eachNameIsMadeOnce() throws Exception {
        int names = 25;
        Process first = host(true, "create", directory.toString(), Integer.toString(names));
        Process second = host(true, "create", directory.toString(), Integer.toString(names));
        try (BufferedReader one = first.inputReader();
                BufferedReader other = second.inputReader()) {
            assertThat(one.readLine()).isEqualTo("ready");
            assertThat(other.readLine()).isEqualTo("ready");

            signal(first);
            signal(second);

            for (int i = 0; i < names; i++) {
                assertThat(List.of(one.readLine(), other.readLine())).containsExactlyInAnyOrder("made", "NAME_TAKEN");
            }
        }
        assertThat(node.list()).hasSize(names);
    }

    @Test
    void list_hostOfASessionKilled_endsTheSession() throws Exception {
        String id = node.run(LocalNode.script("exec sleep 1000"));
        Process host = host(true, "session", directory.toString(), id);
        try (BufferedReader lines = host.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("open");
        }
        assertThat(node.list()).hasSize(1);
        assertThat(node.sessionsOf(id)).as("a session whose host lives").isNotEmpty();

        host.destroyForcibly().waitFor();
        node.list();

        assertThat(node.sessionsOf(id)).isEmpty();
        assertThat(node.inspect(id).running()).isTrue();
    }

    @Test
    void probe_hostOfASessionKilledBefore_endsTheSession() throws Exception {
        String id = node.run(LocalNode.script("exec sleep 1000"));
        Process host = host(true, "session", directory.toString(), id);
        try (BufferedReader lines = host.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("open");
        }
        host.destroyForcibly().waitFor();
        assertThat(node.sessionsOf(id)).as("a session whose host is gone").isNotEmpty();

        assertThat(node.transport.probe(node.call())).succeedsWithin(Duration.ofSeconds(20));

        node.until("end of the session", () -> node.sessionsOf(id).isEmpty());
        assertThat(node.inspect(id).running()).isTrue();
    }

    @Test
    void exec_terminalWithoutItsDependency_namesIt() throws Exception {
        String id = node.run(LocalNode.script("exec sleep 1000"));

        Process with = host(true, "terminal", directory.toString(), id);
        Process without = host(false, "terminal", directory.toString(), id);

        try (BufferedReader lines = with.inputReader()) {
            assertThat(lines.readLine()).startsWith("opened");
        }
        try (BufferedReader lines = without.inputReader()) {
            assertThat(lines.readLine()).startsWith("UNSUPPORTED").contains("'org.jetbrains.pty4j:pty4j'");
        }
    }

    private long mainProcesses(String id) {
        List<ProcessTable.Entry> all = node.processes.marked(Marker.CONTAINER, value -> value.startsWith(id + ":"));
        return all.stream()
                .filter(process -> all.stream().anyMatch(other -> other.pid() == process.parent()))
                .count();
    }

    private Process host(boolean withPty, String... arguments) throws IOException {
        Process host = HostMain.start(withPty, arguments);
        hosts.add(host);
        return host;
    }

    private static void signal(Process host) throws IOException {
        try (OutputStream input = host.getOutputStream()) {
            input.write('\n');
        }
    }
}
