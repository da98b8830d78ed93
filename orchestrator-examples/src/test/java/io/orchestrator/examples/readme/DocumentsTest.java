package io.orchestrator.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.Orchestrator;
import io.orchestrator.examples.bucket.BucketService;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.service.bucket.ReferenceBucket;
import io.orchestrator.transport.process.DevProcessTransport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java snippet of README and docs stands, letter for letter but for white space, in a source file that is compiled. */
final class DocumentsTest {
    private static final Pattern SNIPPET = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
    /** Surefire and failsafe run in the module's directory. */
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @ParameterizedTest
    @MethodSource("documents")
    void document_javaSnippets_standInASourceFile(Path document) throws IOException {
        List<String> sources = sources();

        for (MatchResult snippet :
                SNIPPET.matcher(Files.readString(document)).results().toList()) {
            String wanted = squeeze(snippet.group(1));
            assertThat(sources.stream().anyMatch(source -> source.contains(wanted)))
                    .as("a source file has this snippet of %s:%n%s", ROOT.relativize(document), snippet.group(1))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void document_links_leadSomewhere(Path document) throws IOException {
        for (MatchResult link :
                LINK.matcher(Files.readString(document)).results().toList()) {
            assertThat(document.resolveSibling(link.group(1)))
                    .as("what %s links to", ROOT.relativize(document))
                    .exists();
        }
    }

    @Test
    void embedding_onLocalProcesses_runs(@TempDir Path directory) {
        String answer = Embedding.run(URI.create("dev-process:" + directory.toAbsolutePath()));

        assertThat(answer).isEqualTo("it runs\n");
    }

    @Test
    void usingABucket_onLocalProcesses_bringsBackWhatWasUploaded(@TempDir Path directory) throws IOException {
        byte[] cat = "a cat".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DevProcessTransport processes = DevProcessTransport.builder()
                .image(
                        ReferenceBucket.IMAGE,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BucketService.class.getName())
                .build();

        try (Orchestrator orchestrator =
                Orchestrator.builder("documents").transport(processes).build()) {
            orchestrator
                    .nodes()
                    .register(NodeSpec.of("local", URI.create("dev-process:" + directory.toAbsolutePath())));
            UsingABucket.run(orchestrator, new ByteArrayInputStream(cat), out);
        }

        assertThat(out.toByteArray()).isEqualTo(cat);
    }

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                    docs.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream());
        }
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            List<Path> java = files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/"))
                    .toList();
            List<String> texts = new ArrayList<>();
            for (Path file : java) {
                texts.add(squeeze(Files.readString(file)));
            }
            return texts;
        }
    }

    private static String squeeze(String text) {
        return text.replaceAll("\\s+", "");
    }
}
