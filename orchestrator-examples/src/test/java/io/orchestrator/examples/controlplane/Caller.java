package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A client as those of the original: plain requests, with whatever token it has. */
record Caller(HttpClient http, URI server, String token) {
    static Caller of(int port, String token) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        return new Caller(http, URI.create("http://127.0.0.1:" + port), token);
    }

    Caller as(String otherToken) {
        return new Caller(http, server, otherToken);
    }

    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(60));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(request(path).DELETE());
    }

    Answer post(String path, String body) throws IOException, InterruptedException {
        return send(request(path).POST(BodyPublishers.ofString(body)));
    }

    Answer post(String path, String body, String idempotencyKey) throws IOException, InterruptedException {
        return send(request(path).header("Idempotency-Key", idempotencyKey).POST(BodyPublishers.ofString(body)));
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    /** Asks again and again until the answer has that status. */
    static Answer until(int status, Callable<Answer> asked) throws Exception {
        long begin = System.nanoTime();
        while (true) {
            Answer answer = asked.call();
            if (answer.status() == status) {
                return answer;
            }
            assertThat(System.nanoTime() - begin).as(answer.text()).isLessThan(TimeUnit.SECONDS.toNanos(30));
        }
    }

    /** The body of a launch with what the original required. */
    static String launch(String user, String name) {
        return launch(user, name, "alpine:3");
    }

    static String launch(String user, String name, String image) {
        return "{\"user_id\":\"" + user + "\",\"config\":{\"image\":\"" + image + "\",\"name\":\"" + name
                + "\",\"cpu\":0.02,\"memory\":\"64m\"}}";
    }
}
