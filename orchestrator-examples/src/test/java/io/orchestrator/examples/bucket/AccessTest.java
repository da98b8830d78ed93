package io.orchestrator.examples.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, and what is answered where there is nothing to do. */
final class AccessTest extends RunningBucket {
    @ParameterizedTest
    @CsvSource({
        "POST, /data/upload",
        "GET, /data/files",
        "GET, /data/download/f",
        "DELETE, /data/delete/f",
        "GET, /data/objects",
        "PUT, /data/objects/f",
        "GET, /data/objects/f",
        "DELETE, /data/objects/f",
        "GET, /nothing",
        "GET, /health/",
        "GET, /data//health"
    })
    void request_noToken_is401(String method, String path) throws Exception {
        HttpResponse<String> answer = bucket.send(bucket.request(path).method(method, BodyPublishers.ofString("x")));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("www-authenticate")).hasValue("Bearer");
        assertThat(answer.body()).isEqualTo("{\"detail\":\"the bearer token is missing or wrong\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer ",
                "Bearer x",
                "Basic " + TestBucket.TOKEN,
                TestBucket.TOKEN,
                "Bearer " + TestBucket.TOKEN + "0"
            })
    void request_wrongToken_is401(String authorization) throws Exception {
        assertThat(bucket.send(bucket.request("/data/files").header("Authorization", authorization))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void request_schemeInOtherCase_isAccepted() throws Exception {
        assertThat(bucket.send(bucket.request("/data/files").header("Authorization", "bearer " + TestBucket.TOKEN))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void request_unknownRoute_is404() throws Exception {
        HttpResponse<String> answer = bucket.get("/data");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"Not Found\"}");
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /health, GET",
        "GET, /data/upload, POST",
        "POST, /data/files, GET",
        "PUT, /data/download/f, GET",
        "GET, /data/delete/f, DELETE",
        "PUT, /data/objects, GET",
        "PATCH, /data/objects/f, 'DELETE, GET, HEAD, PUT'"
    })
    void request_wrongMethod_is405AndNamesTheRightOnes(String method, String path, String allowed) throws Exception {
        HttpResponse<String> answer = bucket.send(bucket.authorized(path).method(method, BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("allow")).hasValue(allowed);
        assertThat(answer.body()).isEqualTo("{\"detail\":\"Method Not Allowed\"}");
    }
}
