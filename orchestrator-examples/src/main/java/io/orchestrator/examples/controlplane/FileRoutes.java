package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.bucket.BucketContent;
import io.orchestrator.service.bucket.BucketObject;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The files of bucket services: bytes pass through, a small piece of them in memory at a time. */
final class FileRoutes {
    /** Each one holds a thread, and an upload holds disk: others must find some left. */
    private static final int MAX_TRANSFERS = 32;

    private final ServiceLaunchers services;
    private final Semaphore transfers = new Semaphore(MAX_TRANSFERS);

    FileRoutes(ServiceLaunchers services) {
        this.services = services;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/bucket-services/{service_id}/files", this::list, Role.USER);
        routes.post("/bucket-services/{service_id}/upload", this::upload, Role.USER);
        routes.get("/bucket-services/{service_id}/download/{filename}", this::download, Role.USER);
        routes.delete("/bucket-services/{service_id}/delete/{filename}", this::delete, Role.USER);
    }

    private void list(Context ctx) {
        Page<BucketObject> page = BucketRoutes.find(services, ctx)
                .client()
                .list("", Requests.cursor(ctx).orElse(null), Requests.limit(ctx));
        ObjectNode answer = Json.object();
        ArrayNode files = answer.putArray("files");
        page.items().forEach(object -> files.add(object.name()));
        page.next().ifPresent(cursor -> answer.put("next", cursor));
        Json.answer(ctx, 200, answer);
    }

    private void upload(Context ctx) throws IOException {
        var client = BucketRoutes.find(services, ctx).client();
        takeTransfer();
        try {
            UploadedFile file = ctx.isMultipartFormData() ? ctx.uploadedFile("file") : null;
            if (file == null) {
                throw ApiException.invalid(
                        "missing", List.of("body", "file"), "a multipart form with a part named 'file' is required");
            }
            String name = file.filename();
            if (name.matches("\\.{0,2}|.*[/\\\\].*")) {
                throw ApiException.invalid(
                        "value_error", List.of("body", "file"), "the file's name is empty or holds a slash");
            }
            try (InputStream content = file.content()) {
                client.upload(name, content);
            }
            Json.answer(
                    ctx,
                    200,
                    Json.object()
                            .put("filename", name)
                            .put("detail", "File uploaded to Data folder.")
                            .put("path", "Data/" + name));
        } finally {
            transfers.release();
        }
    }

    private void download(Context ctx) {
        String name = ctx.pathParam("filename");
        var client = BucketRoutes.find(services, ctx).client();
        takeTransfer();
        BucketContent content;
        try {
            content = client.download(name);
        } catch (OrchestratorException failure) {
            transfers.release();
            throw failure.code() == ErrorCode.NOT_FOUND ? noSuchFile() : failure;
        }
        ctx.header("Content-Length", Long.toString(content.length()))
                .header("Content-Disposition", attachment(name))
                .header("X-Content-Type-Options", "nosniff")
                .header("ETag", "\"" + content.object().etag() + "\"")
                .contentType("application/octet-stream")
                .result(new FilterInputStream(content.stream()) {
                    private boolean closed;

                    @Override
                    public void close() {
                        if (!closed) {
                            closed = true;
                            content.close();
                            transfers.release();
                        }
                    }
                });
    }

    private void delete(Context ctx) {
        String name = ctx.pathParam("filename");
        if (!BucketRoutes.find(services, ctx).client().delete(name)) {
            throw noSuchFile();
        }
        Json.answer(ctx, 200, Json.object().put("detail", "File '" + name + "' deleted from Data folder."));
    }

    private void takeTransfer() {
        if (!transfers.tryAcquire()) {
            throw ApiException.of(503, "as many transfers are running as this server allows", "Retry-After", "5");
        }
    }

    private static ApiException noSuchFile() {
        return ApiException.of(404, "File not found in Data folder.");
    }

    /** RFC 6266: a plain name for old clients and an exact one for the others. */
    private static String attachment(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._ -]", "_");
        String exact = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + exact;
    }
}
