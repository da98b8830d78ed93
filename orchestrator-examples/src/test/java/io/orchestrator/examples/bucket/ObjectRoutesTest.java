package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObjectRoutesTest {
    @TempDir
    Path data;

    private TestBucket bucket;

    @BeforeEach
    void start() {
        bucket = TestBucket.start(data, Map.of("MAX_OBJECT_BYTES", "2000000"), settings -> settings);
    }

    @AfterEach
    void stop() {
        bucket.close();
    }

    @Test
    void put_chunkedAndKnownLength_areByteExact() throws Exception {
        byte[] content = new byte[1_000_003];
        new Random(1).nextBytes(content);

        HttpResponse<String> chunked = bucket.send(bucket.authorized("/data/objects/chunked")
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))));
        HttpResponse<String> known =
                bucket.send(bucket.authorized("/data/objects/known").PUT(BodyPublishers.ofByteArray(content)));

        assertThat(chunked.statusCode()).isEqualTo(200);
        assertThat(chunked.headers().firstValue("etag"))
                .isEqualTo(known.headers().firstValue("etag"));
        for (String name : List.of("chunked", "known")) {
            assertThat(bucket.send(bucket.authorized("/data/objects/" + name), BodyHandlers.ofByteArray())
                            .body())
                    .isEqualTo(content);
        }
    }

    @Test
    void put_emptyBody_isAnEmptyObject() throws Exception {
        bucket.put("/data/objects/empty", "");

        HttpResponse<String> answer = bucket.get("/data/objects/empty");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void head_existing_describesWithoutBody() throws Exception {
        String etag = bucket.put("/data/objects/f", "12345")
                .headers()
                .firstValue("etag")
                .orElseThrow();

        HttpResponse<String> answer =
                bucket.send(bucket.authorized("/data/objects/f").method("HEAD", BodyPublishers.noBody()));
        HttpResponse<String> missing =
                bucket.send(bucket.authorized("/data/objects/g").method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-length")).hasValue("5");
        assertThat(answer.headers().firstValue("etag")).hasValue(etag);
        assertThat(missing.statusCode()).isEqualTo(404);
    }

    @Test
    void delete_existing_isGone() throws Exception {
        bucket.put("/data/objects/f", "x");

        assertThat(bucket.delete("/data/objects/f").statusCode()).isEqualTo(200);
        assertThat(bucket.get("/data/objects/f").statusCode()).isEqualTo(404);
        assertThat(bucket.delete("/data/objects/f").statusCode()).isEqualTo(404);
    }

    @Test
    void list_pages_giveEveryNameOnce() throws Exception {
        for (int i = 0; i < 7; i++) {
            bucket.put("/data/objects/p%20/" + i, "x".repeat(i));
        }
        bucket.put("/data/objects/other", "");

        var names = new ArrayList<String>();
        String cursor = "";
        int pages = 0;
        do {
            String page =
                    bucket.get("/data/objects?prefix=p+%2F&limit=3" + cursor).body();
            names.addAll(found(page, "\"name\":\"([^\"]*)\""));
            cursor = found(page, "\"next\":\"([^\"]*)\"").stream()
                    .findFirst()
                    .map(next -> "&cursor=" + next)
                    .orElse("");
            pages++;
        } while (!cursor.isEmpty());

        assertThat(names).containsExactly("p /0", "p /1", "p /2", "p /3", "p /4", "p /5", "p /6");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void list_oneObject_isDescribed() throws Exception {
        bucket.put("/data/objects/f", "abc");

        assertThat(bucket.get("/data/objects").body())
                .matches(
                        "\\{\"objects\":\\[\\{\"name\":\"f\",\"size\":3,\"last_modified\":\"[0-9T:.-]+Z\","
                                + "\"etag\":\"\\\\\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\\\\\"\"}]}");
    }

    @Test
    void list_moreThanAThousand_isCutAtAThousand() throws Exception {
        bucket.close();
        try (ObjectStore store = ObjectStore.open(data, new Quota(10, 10, 10_000_000))) {
            for (int i = 0; i < 1001; i++) {
                try (Upload upload = store.upload(new ObjectName(String.format("%04d", i)), 0)) {
                    upload.commit();
                }
            }
        }
        start();

        String page = bucket.get("/data/files").body();

        assertThat(found(page, "\"(\\d{4})\"")).hasSize(1000).contains("0000", "0999");
        String next = found(page, "\"next\":\"([^\"]*)\"").get(0);
        assertThat(bucket.get("/data/files?cursor=" + next).body()).isEqualTo("{\"files\":[\"1000\"]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=-1", "limit=x", "limit=", "cursor=%2A", "cursor=_w"})
    void list_badQuery_is422(String query) throws Exception {
        assertThat(bucket.get("/data/objects?" + query).statusCode()).isEqualTo(422);
    }

    @Test
    void put_tooLarge_is413WhetherAnnouncedOrNot() throws Exception {
        HttpResponse<String> chunked = bucket.send(bucket.authorized("/data/objects/f")
                .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[2_000_001]))));

        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(chunked.body()).isEqualTo("{\"detail\":\"the object is larger than 2000000 bytes\"}");
        assertThat(data.resolve("tmp")).isEmptyDirectory();
        assertThat(bucket.get("/data/objects/f").statusCode()).isEqualTo(404);
    }

    @Test
    void put_sameNameFromManyAtOnce_leavesOneWholeVersion() throws Exception {
        var uploads = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 8; i++) {
            byte[] content = String.valueOf((char) ('a' + i)).repeat(200_000).getBytes(StandardCharsets.US_ASCII);
            uploads.add(CompletableFuture.supplyAsync(() -> putChunked("/data/objects/f", content)));
        }

        assertThat(uploads).allSatisfy(upload -> assertThat(upload.join()).isEqualTo(200));
        String content = bucket.get("/data/objects/f").body();
        assertThat(content).hasSize(200_000).isEqualTo(content.substring(0, 1).repeat(200_000));
        assertThat(data.resolve("tmp")).isEmptyDirectory();
    }

    private int putChunked(String path, byte[] content) {
        try {
            return bucket.send(bucket.authorized(path)
                            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))))
                    .statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> found(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        return matcher.results().map(result -> result.group(1)).toList();
    }
}
