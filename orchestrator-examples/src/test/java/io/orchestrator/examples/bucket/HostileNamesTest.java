package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that would be dangerous as paths: each is an ordinary key or is refused, and the file system never sees it. */
final class HostileNamesTest {
    @TempDir
    Path outside;

    private Path data;
    private TestBucket bucket;

    @BeforeEach
    void start() throws IOException {
        data = Files.createDirectory(outside.resolve("data"));
        bucket = TestBucket.start(data);
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../a",
                "..",
                ".",
                "a/b",
                "a//b",
                "/etc/passwd",
                "/",
                "..\\a",
                "C:\\",
                "C:",
                "CON",
                "nul.txt",
                "%2e%2e",
                "..%2f",
                "%252e",
                "a b",
                "a+b",
                "a?b",
                "a#b",
                "a;b",
                "~",
                "-rf",
                "$(x)",
                "a\"b",
                "'",
                "*",
                "lock",
                "tmp/x",
                "\u00e9",
                "e\u0301",
                "A",
                "a",
                "\u202egpj",
                "\ud83d\ude00"
            })
    void put_legalButHostile_isStoredUnderExactlyThisName(String name) throws Exception {
        String path = "/data/objects/" + Percent.encode(name);
        bucket.put(path, "content of " + name);

        assertThat(bucket.get(path).body()).isEqualTo("content of " + name);
        String listed = name.replace("\\", "\\\\").replace("\"", "\\\"");
        assertThat(bucket.get("/data/files").body()).isEqualTo("{\"files\":[\"" + listed + "\"]}");
        assertOnlyHashesOnDisk(1);
        assertThat(bucket.delete("/data/delete/" + Percent.encode(name)).statusCode())
                .isEqualTo(200);
        assertOnlyHashesOnDisk(0);
    }

    @Test
    void put_twins_areDifferentObjects() throws Exception {
        List<String> twins = List.of("%C3%A9", "e%CC%81", "a", "A", "a/", "a/.", "%2561");
        for (String twin : twins) {
            bucket.put("/data/objects/" + twin, twin);
        }

        for (String twin : twins) {
            assertThat(bucket.get("/data/objects/" + twin).body()).isEqualTo(twin);
        }
        assertOnlyHashesOnDisk(twins.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "%00", "a%00b", "a%0Ab", "%0d%0a", "%7F", "%C2%85", "%FF", "%C0%AE", "%ED%A0%80", "%E2%82"})
    void request_illegalName_is400EveryWay(String raw) throws Exception {
        for (HttpResponse<String> answer : List.of(
                bucket.put("/data/objects/" + raw, "x"),
                bucket.get("/data/objects/" + raw),
                bucket.get("/data/download/" + raw),
                bucket.delete("/data/delete/" + raw),
                bucket.delete("/data/objects/" + raw))) {
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).startsWith("{\"detail\":\"the name ");
        }
        assertOnlyHashesOnDisk(0);
    }

    @Test
    void put_lengthOfName_isCountedInBytes() throws Exception {
        assertThat(bucket.put("/data/objects/" + "x".repeat(1024), "x").statusCode())
                .isEqualTo(200);
        assertThat(bucket.put("/data/objects/" + "x".repeat(1025), "x").statusCode())
                .isEqualTo(400);
        assertThat(bucket.put("/data/objects/" + "%C3%A9".repeat(512), "x").statusCode())
                .isEqualTo(200);
        assertThat(bucket.put("/data/objects/" + "%C3%A9".repeat(513), "x").statusCode())
                .isEqualTo(400);
        assertThat(bucket.put("/data/objects/" + "x".repeat(5000), "x").statusCode())
                .isEqualTo(400);
        assertOnlyHashesOnDisk(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "/abs/x", "..\\x", "a/b"})
    void upload_hostileFileName_staysInside(String name) throws Exception {
        String disposition = "name=\"file\"; filename=\"" + name.replace("\\", "\\\\") + "\"";

        assertThat(bucket.upload(TestBucket.form(disposition, "x"), "b").statusCode())
                .isEqualTo(200);
        assertThat(bucket.get("/data/download/" + Percent.encode(name)).body()).isEqualTo("x");
        assertOnlyHashesOnDisk(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\u0000b", "a\tb", "\u007f"})
    void upload_illegalFileName_is400(String name) throws Exception {
        String form = TestBucket.form("name=\"file\"; filename=\"" + name + "\"", "x");

        assertThat(bucket.upload(form, "b").statusCode()).isEqualTo(400);
        assertOnlyHashesOnDisk(0);
    }

    private void assertOnlyHashesOnDisk(int count) throws IOException {
        try (Stream<Path> all = Files.walk(outside)) {
            List<String> files = all.filter(Files::isRegularFile)
                    .map(file -> outside.relativize(file).toString())
                    .filter(file -> !file.equals("data/lock"))
                    .toList();
            assertThat(files).hasSize(count).allMatch(file -> file.matches("data/objects/[0-9a-f]{64}"));
        }
    }
}
