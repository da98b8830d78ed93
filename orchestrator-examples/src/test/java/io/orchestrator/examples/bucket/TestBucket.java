package io.orchestrator.examples.bucket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A service on a free loopback port, and a client that has its token. */
final class TestBucket implements AutoCloseable {
    static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final int SOCKET_TIMEOUT_MILLIS = 20_000;

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final Runnable stop;

    TestBucket(int port, Runnable stop) {
        this.port = port;
        this.stop = stop;
    }

    static TestBucket start(Path data) {
        return start(data, Map.of(), settings -> settings);
    }

    static TestBucket start(Path data, Map<String, String> extra, UnaryOperator<BucketSettings> change) {
        BucketServer server = BucketServer.start(change.apply(BucketSettings.of(environment(data, extra))));
        return new TestBucket(server.port(), server::close);
    }

    static Map<String, String> environment(Path data, Map<String, String> extra) {
        var environment = new HashMap<String, String>(extra);
        environment.put("DATA_DIR", data.toString());
        environment.put("PORT", "0");
        environment.put("BIND_ADDRESS", "127.0.0.1");
        environment.put("BUCKET_TOKEN", TOKEN);
        return environment;
    }

    int port() {
        return port;
    }

    HttpRequest.Builder request(String rawPath) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + rawPath));
    }

    HttpRequest.Builder authorized(String rawPath) {
        return request(rawPath).header("Authorization", "Bearer " + TOKEN);
    }

    <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) throws Exception {
        return client.send(request.build(), body);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return send(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<String> get(String rawPath, String... headers) throws Exception {
        HttpRequest.Builder request = authorized(rawPath);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    HttpResponse<String> put(String rawPath, String content) throws Exception {
        return send(authorized(rawPath).PUT(BodyPublishers.ofString(content)));
    }

    HttpResponse<String> delete(String rawPath) throws Exception {
        return send(authorized(rawPath).DELETE());
    }

    HttpResponse<String> upload(String form, String boundary) throws Exception {
        return send(authorized("/data/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(BodyPublishers.ofString(form)));
    }

    /** A form with one part, its lines ended as RFC 2046 wants. */
    static String form(String disposition, String content) {
        return String.join(
                "\r\n", List.of("--b", "Content-Disposition: form-data; " + disposition, "", content, "--b--", ""));
    }

    /** A connection for what no HTTP client would send; a read that gets nothing fails after a while. */
    Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(SOCKET_TIMEOUT_MILLIS);
        return socket;
    }

    static void write(Socket socket, String... lines) throws IOException {
        socket.getOutputStream().write(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() {
        stop.run();
    }
}
