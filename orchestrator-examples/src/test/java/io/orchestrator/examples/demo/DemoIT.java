package io.orchestrator.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.kit.DockerEngine;
import io.orchestrator.spi.ContainerLabels;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command: what it prints, and that nothing of it remains. */
class DemoIT {
    private static final Pattern CURL =
            Pattern.compile("print \\$NF}' (\\S+)\\)\" (http://127\\.0\\.0\\.1:\\d+/containers)");

    @TempDir
    private Path directory;

    private Path temporary = Path.of("");

    @BeforeEach
    void makeTheDirectoryOfItsTemporaryFiles() throws IOException {
        temporary = Files.createDirectory(directory.resolve("tmp"));
    }

    /** Whatever a failed test leaves running. */
    @AfterEach
    void endProcesses() throws IOException {
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void demo_withoutAnEngine_takesEveryStepOnProcessesAndLeavesNothing() throws Exception {
        Process demo = start("unix://" + directory.resolve("none.sock"));

        String shown = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(shown).contains("no container engine at unix://" + directory.resolve("none.sock"));
        assertSteps(shown, "found local processes at dev-process:");
        assertThat(demo.waitFor()).isZero();
        assertThat(processes()).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void demo_onAnEngine_takesEveryStepOnItAndLeavesNothing() throws Exception {
        DockerEngine engine = DockerEngine.require();
        List<String> before = ofDemos(engine);
        Process demo = start(engine.uri().toString());

        String shown = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertSteps(shown, "found docker ");
        assertThat(demo.waitFor()).isZero();
        assertThat(ofDemos(engine)).isEqualTo(before);
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void demo_toldToStay_servesUntilSigtermAndLeavesNothing() throws Exception {
        Process demo = start("unix://" + directory.resolve("none.sock"), "--stay");
        BufferedReader output = demo.inputReader(StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder();
        Matcher curl = CURL.matcher(shown);
        while (!curl.find()) {
            shown.append(Objects.requireNonNull(output.readLine(), "the demo ended by itself"))
                    .append('\n');
            curl.reset();
        }

        String line = Files.readString(Path.of(curl.group(1))).strip();
        HttpRequest request = HttpRequest.newBuilder(URI.create(curl.group(2)))
                .header("Authorization", "Bearer " + line.substring(line.lastIndexOf(' ') + 1))
                .build();
        String containers = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();

        assertThat(containers).contains("\"name\":\"demo\"", "\"status\":\"running\"");
        demo.destroy();
        assertThat(demo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(processes()).isEmpty();
        assertThat(temporary).isEmptyDirectory();
    }

    private Process start(String dockerHost, String... options) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-jar"));
        command.addAll(
                List.of(Path.of("target", "control-plane.jar").toAbsolutePath().toString(), "demo"));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(directory.resolve("log").toFile());
        builder.environment().put("DOCKER_HOST", dockerHost);
        return builder.start();
    }

    private static void assertSteps(String shown, String found) {
        assertThat(shown)
                .containsSubsequence(
                        found,
                        "control plane at http://127.0.0.1:",
                        "' runs",
                        "bucket service is ready",
                        "uploaded a file of 1 MiB",
                        "every byte is the same",
                        "it printed 42 and ended with 0",
                        "a shell on a terminal of 100x30 answered and ended",
                        "removed the container, the bucket and its volume",
                        "next: README.md");
    }

    /** The demo and what it runs: all of them have its directory on their command line or in their environment. */
    private List<ProcessHandle> processes() throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[0-9]+"))
                    .filter(entry -> names(entry.resolve("cmdline")) || names(entry.resolve("environ")))
                    .flatMap(entry ->
                            ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).stream())
                    .filter(ProcessHandle::isAlive)
                    .toList();
        }
    }

    private boolean names(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(directory.toString());
        } catch (IOException ended) {
            return false;
        }
    }

    /** The containers and volumes of every demo, whose installations have names of their own. */
    private static List<String> ofDemos(DockerEngine engine) {
        List<String> found = new ArrayList<>();
        for (JsonNode container : engine.get("/containers/json?all=1")) {
            found.add(
                    container.path("Labels").path(ContainerLabels.INSTALLATION).asText() + " container "
                            + container.path("Id").textValue());
        }
        for (JsonNode volume : engine.get("/volumes").path("Volumes")) {
            found.add(volume.path("Labels").path(ContainerLabels.INSTALLATION).asText() + " volume "
                    + volume.path("Name").textValue());
        }
        return found.stream().filter(line -> line.startsWith("demo-")).sorted().toList();
    }
}
