package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BucketRoutesTest {
    private static final int LIMIT = 80 << 20;

    private Path directory;
    private TestServer server;
    private Caller alice;
    private String bucket;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        server = TestServer.start(TestServer.settings(temporary).maxUploadBytes(LIMIT));
        alice = server.alice();
        bucket = alice.post("/launchBucket", "", "the-bucket").field("service_id");
    }

    @AfterAll
    void stop() throws Exception {
        alice.delete("/bucket-services/" + bucket);
        server.close();
    }

    @Test
    void launch_repeatedWithItsKey_yieldsTheSameService() throws Exception {
        Answer again = alice.post("/launchBucket", "", "the-bucket");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.field("service_id")).isEqualTo(bucket);
        assertThat(again.json().properties())
                .extracting(field -> field.getKey())
                .contains("success", "container_name", "image_name", "container_id", "port", "url", "docs_url")
                .contains("service_id", "instance_id", "template", "ip_address", "service_url", "app_module");
        assertThat(again.json().path("port").intValue()).isPositive();
        JsonNode listed = alice.get("/bucket-services/" + bucket).json();
        assertThat(listed.properties())
                .extracting(field -> field.getKey())
                .containsExactlyInAnyOrder(
                        "service_id",
                        "container_id",
                        "node_id",
                        "ip_address",
                        "port",
                        "status",
                        "is_healthy",
                        "created_at",
                        "service_url");
        assertThat(listed.path("status").textValue()).isEqualTo("running");
        assertThat(alice.get("/bucket-services").json().path("bucket_services")).hasSize(1);
        assertThat(alice.get("/bucket-services/" + bucket + "/health").field("is_healthy"))
                .isEqualTo("true");
    }

    /** Each of alice's uploads waits for its body; what she may not have, others may. */
    @Test
    void uploads_moreThanOneCallerMay_areRefusedUntilOneEnds() throws Exception {
        List<Socket> waiting = new ArrayList<>();
        try {
            Answer refused = Caller.until(503, () -> {
                // one more each time, as a transfer of a moment ago may still be ending
                waiting.add(beginUpload());
                return alice.get(path("/download/none"));
            });
            assertThat(waiting).hasSizeGreaterThanOrEqualTo(FileRoutes.MAX_TRANSFERS_OF_ONE - 1);
            assertThat(refused.detail()).contains("as many transfers under way as one caller may");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(server.admin()
                            .get("/bucket-services/" + bucket + "/download/none")
                            .status())
                    .isEqualTo(404);
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
        Caller.until(404, () -> alice.get(path("/download/none")));
    }

    private Socket beginUpload() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.server().port());
        socket.getOutputStream()
                .write(("POST /bucket-services/" + bucket
                                + "/upload HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + TestServer.ALICE + "\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                                + "Content-Length: 100000\r\n\r\n--b\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void file_uploadedListedDownloadedDeleted_isTheSameAllTheWay() throws Exception {
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);

        Answer uploaded = upload("tüte 1.bin", new ByteArrayInputStream(content));
        assertThat(uploaded.status()).as(uploaded.text()).isEqualTo(200);
        assertThat(uploaded.field("filename")).isEqualTo("tüte 1.bin");
        assertThat(uploaded.detail()).isEqualTo("File uploaded to Data folder.");
        assertThat(alice.get(path("/files")).text()).contains("tüte 1.bin");

        HttpResponse<byte[]> downloaded = alice.http()
                .send(alice.request(path("/download/t%C3%BCte%201.bin")).GET().build(), BodyHandlers.ofByteArray());
        assertThat(downloaded.statusCode()).isEqualTo(200);
        assertThat(downloaded.body()).isEqualTo(content);
        assertThat(downloaded.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"t_te 1.bin\"; filename*=UTF-8''t%C3%BCte%201.bin");
        assertThat(downloaded.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");

        assertThat(alice.delete(path("/delete/t%C3%BCte%201.bin")).detail())
                .isEqualTo("File 'tüte 1.bin' deleted from Data folder.");
        for (Answer missing : List.of(
                alice.get(path("/download/t%C3%BCte%201.bin")), alice.delete(path("/delete/t%C3%BCte%201.bin")))) {
            assertThat(missing.status()).isEqualTo(404);
            assertThat(missing.text()).isEqualTo("{\"detail\":\"File not found in Data folder.\"}");
        }
    }

    @Test
    void upload_ofSixtyFourMebibytes_leavesNoSpooledFile() throws Exception {
        assertThat(upload("large.bin", zeros(64 << 20)).status()).isEqualTo(200);

        assertThat(alice.send(alice.request(path("/download/large.bin")).GET()).text())
                .hasSize(64 << 20);
        try (Stream<Path> spooled = Files.list(directory.resolve("data/uploads"))) {
            assertThat(spooled).isEmpty();
        }
        alice.delete(path("/delete/large.bin"));
    }

    @Test
    void upload_overTheLimit_answers413AndKeepsNothing() throws Exception {
        Answer answer = upload("huge.bin", zeros(LIMIT + 1));

        assertThat(answer.status()).as(answer.text()).isEqualTo(413);
        assertThat(answer.detail()).isNotBlank();
        assertThat(alice.get(path("/files")).text()).doesNotContain("huge");
        try (Stream<Path> spooled = Files.list(directory.resolve("data/uploads"))) {
            assertThat(spooled).isEmpty();
        }
    }

    @Test
    void upload_withoutItsPart_orWithAPathAsName_answers422() throws Exception {
        assertThat(alice.post(path("/upload"), "plain").status()).isEqualTo(422);
        for (String name : List.of("../x", "/etc/x", "a\\b", "..")) {
            Answer answer = upload(name, new ByteArrayInputStream(new byte[] {1}));

            assertThat(answer.status()).as(name).isEqualTo(422);
        }
        assertThat(alice.get(path("/files")).text()).doesNotContain("etc");
    }

    @Test
    void upload_brokenForm_answers4xxInJsonAndSaysThatTheConnectionEnds() throws Exception {
        Answer answer = alice.send(alice.request(path("/upload"))
                .header("Content-Type", "multipart/form-data; boundary=b")
                .POST(BodyPublishers.ofString("--b\r\nContent-Disposition: nonsense")));

        assertThat(answer.status()).isBetween(400, 499);
        assertThat(answer.detail()).isNotBlank();
        assertThat(answer.headers().firstValue("Connection")).hasValue("close");
    }

    @Test
    void everyRoute_ofAnothersBucket_answersAsForAnUnknownOne() throws Exception {
        String unknown = bucket.substring(0, bucket.length() - 1) + (bucket.endsWith("0") ? "1" : "0");
        for (String route : List.of("", "/health", "/files", "/download/x")) {
            Answer foreign = server.bob().get("/bucket-services/" + bucket + route);

            assertThat(foreign.status()).as(route).isEqualTo(404);
            assertThat(foreign.text())
                    .isEqualTo("{\"detail\":\"Bucket service not found\"}")
                    .isEqualTo(server.bob()
                            .get("/bucket-services/" + unknown + route)
                            .text());
        }
        for (Answer foreign : List.of(
                server.bob().post(path("/upload"), "x"),
                server.bob().delete(path("/delete/x")),
                server.bob().delete(path("")))) {
            assertThat(foreign.status()).isEqualTo(404);
            assertThat(foreign.text()).isEqualTo("{\"detail\":\"Bucket service not found\"}");
        }
        assertThat(server.bob().get("/bucket-services").text()).isEqualTo("{\"bucket_services\":[]}");
    }

    @Test
    void delete_service_removesItAndItsContainer() throws Exception {
        Answer launched = server.bob().post("/launchBucket", "");
        String id = launched.field("service_id");

        assertThat(server.bob().delete("/bucket-services/" + id).field("message"))
                .isEqualTo("Bucket service " + id + " removed successfully");

        assertThat(server.bob().get("/bucket-services/" + id).status()).isEqualTo(404);
        assertThat(server.bob().get("/containers").text()).isEqualTo("[]");
    }

    @Test
    void launch_repeatedWithItsKeyAfterTheDelete_answers409() throws Exception {
        String id = server.bob().post("/launchBucket", "", "gone-bucket").field("service_id");
        server.bob().delete("/bucket-services/" + id);

        Answer again = server.bob().post("/launchBucket", "", "gone-bucket");

        assertThat(again.status()).as(again.text()).isEqualTo(409);
        assertThat(again.field("code")).isEqualTo("CONFLICT");
        assertThat(again.detail()).contains("'" + id + "'", "removed", "another key");
    }

    private static InputStream zeros(int length) {
        return new ByteArrayInputStream(new byte[length]);
    }

    private String path(String rest) {
        return "/bucket-services/" + bucket + rest;
    }

    private Answer upload(String name, InputStream content) throws Exception {
        String head = "--frontier\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + name.replace("\\", "\\\\") + "\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        InputStream body = new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(head.getBytes(StandardCharsets.UTF_8)),
                content,
                new ByteArrayInputStream("\r\n--frontier--\r\n".getBytes(StandardCharsets.US_ASCII)))));
        return alice.send(alice.request(path("/upload"))
                .header("Content-Type", "multipart/form-data; boundary=frontier")
                .POST(BodyPublishers.ofInputStream(() -> body)));
    }
}
