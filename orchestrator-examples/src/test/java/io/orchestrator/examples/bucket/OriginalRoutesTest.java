package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The routes a client of the original service uses. */
final class OriginalRoutesTest extends RunningBucket {
    @Test
    void upload_oneFile_isStoredAndOverwritten() throws Exception {
        bucket.upload(TestBucket.form("name=\"file\"; filename=\"f.txt\"", "first"), "b");

        HttpResponse<String> answer =
                bucket.upload(TestBucket.form("name=\"file\"; filename=\"f.txt\"", "second"), "b");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .isEqualTo("{\"filename\":\"f.txt\",\"detail\":\"File uploaded to Data folder.\","
                        + "\"path\":\"/data/download/f.txt\"}");
        assertThat(bucket.get("/data/files").body()).isEqualTo("{\"files\":[\"f.txt\"]}");
        assertThat(bucket.get("/data/download/f.txt").body()).isEqualTo("second");
    }

    @Test
    void upload_otherFieldsBesideTheFile_areIgnored() throws Exception {
        String user = TestBucket.form("name=\"user\"", "alice").replace("--b--\r\n", "");
        String file = TestBucket.form("name=\"file\"; filename=\"é\\\"\"", "x").replace("--b--\r\n", "");
        String form = user + file + TestBucket.form("name=\"note\"", "hi");

        assertThat(bucket.upload(form, "b").statusCode()).isEqualTo(200);
        assertThat(bucket.get("/data/files").body()).isEqualTo("{\"files\":[\"é\\\"\"]}");
    }

    @Test
    void upload_extendedFileName_isDecoded() throws Exception {
        bucket.upload(TestBucket.form("name=\"file\"; filename*=utf-8''%E2%82%AC", "x"), "b");

        assertThat(bucket.get("/data/download/%E2%82%AC").body()).isEqualTo("x");
    }

    @Test
    void upload_noFileOrNoFileName_is422WithASentence() throws Exception {
        HttpResponse<String> nameless = bucket.upload(TestBucket.form("name=\"file\"", "x"), "b");
        HttpResponse<String> missing = bucket.upload(TestBucket.form("name=\"other\"; filename=\"f\"", "x"), "b");
        HttpResponse<String> noForm =
                bucket.send(bucket.authorized("/data/upload").POST(BodyPublishers.ofString("x")));

        assertThat(nameless.statusCode()).isEqualTo(422);
        assertThat(nameless.body()).contains("\"detail\":\"the form field 'file' has no file name\"", "\"errors\":[{");
        assertThat(missing.statusCode()).isEqualTo(422);
        assertThat(noForm.statusCode()).isEqualTo(422);
        assertNothingStored();
    }

    @Test
    void upload_twoFiles_is422AndStoresNeither() throws Exception {
        String part = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nx\r\n";

        assertThat(bucket.upload(part + part + "--b--\r\n", "b").statusCode()).isEqualTo(422);
        assertNothingStored();
    }

    @Test
    void upload_noFinalBoundary_is400AndStoresNothing() throws Exception {
        String form = TestBucket.form("name=\"file\"; filename=\"f\"", "x").replace("--b--", "--");

        HttpResponse<String> answer = bucket.upload(form, "b");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"the multipart body ends before its closing boundary\"}");
        assertNothingStored();
    }

    @Test
    void delete_existingThenMissing_saysSo() throws Exception {
        bucket.put("/data/objects/f", "x");

        assertThat(bucket.delete("/data/delete/f").body())
                .isEqualTo("{\"detail\":\"File 'f' deleted from Data folder.\"}");
        HttpResponse<String> again = bucket.delete("/data/delete/f");
        assertThat(again.statusCode()).isEqualTo(404);
        assertThat(again.body()).isEqualTo("{\"detail\":\"File not found in Data folder.\"}");
        assertThat(bucket.get("/data/download/f").statusCode()).isEqualTo(404);
    }

    @Test
    void download_whole_hasEveryHeader() throws Exception {
        bucket.put("/data/objects/page.html", "<b>");

        HttpResponse<String> answer = bucket.get("/data/download/page.html");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).containsKeys("etag", "last-modified", "content-length");
        assertThat(answer.headers().firstValue("content-type")).hasValue("text/html");
        assertThat(answer.headers().firstValue("content-disposition")).hasValue("attachment; filename=\"page.html\"");
        assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("accept-ranges")).hasValue("bytes");
    }

    @Test
    void download_awkwardName_isEncodedAsRfc6266Wants() throws Exception {
        bucket.put("/data/objects/%22%E2%82%AC%5C%25", "x");

        assertThat(bucket.get("/data/download/%22%E2%82%AC%5C%25").headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"____\"; filename*=UTF-8''%22%E2%82%AC%5C%25");
    }

    @Test
    void download_ranges_give206Or416() throws Exception {
        bucket.put("/data/objects/f", "0123456789");

        HttpResponse<String> middle = bucket.get("/data/download/f", "Range", "bytes=3-5");
        HttpResponse<String> tail = bucket.get("/data/download/f", "Range", "bytes=-2");
        HttpResponse<String> outside = bucket.get("/data/download/f", "Range", "bytes=10-");
        HttpResponse<String> several = bucket.get("/data/download/f", "Range", "bytes=0-1,3-4");

        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(middle.body()).isEqualTo("345");
        assertThat(middle.headers().firstValue("content-range")).hasValue("bytes 3-5/10");
        assertThat(tail.body()).isEqualTo("89");
        assertThat(outside.statusCode()).isEqualTo(416);
        assertThat(outside.headers().firstValue("content-range")).hasValue("bytes */10");
        assertThat(outside.body()).isEqualTo("{\"detail\":\"the range is outside the object's 10 bytes\"}");
        assertThat(several.statusCode()).isEqualTo(200);
        assertThat(several.body()).isEqualTo("0123456789");
    }

    @Test
    void download_rangeOfAnotherVersion_isTheWholeObject() throws Exception {
        String etag = bucket.put("/data/objects/f", "0123456789")
                .headers()
                .firstValue("etag")
                .orElseThrow();

        assertThat(bucket.get("/data/download/f", "Range", "bytes=3-5", "If-Range", etag)
                        .body())
                .isEqualTo("345");
        assertThat(bucket.get("/data/download/f", "Range", "bytes=3-5", "If-Range", "\"x\"")
                        .body())
                .isEqualTo("0123456789");
    }

    @Test
    void health_withAndWithoutToken_tellsDetailsOnlyWithIt() throws Exception {
        bucket.put("/data/objects/f", "x");
        String shape = "\\{\"checks\":%s,\"service\":\"bucket-service\",\"status\":\"healthy\","
                + "\"timestamp\":\"[0-9-]{10}T[0-9:.]{8,15}Z\"}";

        assertThat(bucket.send(bucket.request("/health")).body()).matches(shape.formatted("\\{\\}"));
        assertThat(bucket.get("/health").body())
                .matches(shape.formatted(
                        "\\{\"data_directory_exists\":true,\"data_directory_writable\":true,\"file_count\":1}"));
    }

    @Test
    void health_directoryGone_is503() throws Exception {
        Files.delete(data.resolve("tmp"));

        HttpResponse<String> answer = bucket.send(bucket.request("/health"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"Service unhealthy: the data directory is missing\"}");
    }

    private void assertNothingStored() throws Exception {
        assertThat(bucket.get("/data/files").body()).isEqualTo("{\"files\":[]}");
        assertThat(data.resolve("tmp")).isEmptyDirectory();
    }
}
