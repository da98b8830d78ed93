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
import io.orchestrator.service.bucket.BucketClient;
import io.orchestrator.service.bucket.BucketContent;
import io.orchestrator.service.bucket.BucketObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of bucket services: bytes pass through, a small piece of them in memory at a time. */
final class FileRoutes {
    /** Each one holds a thread, and an upload holds disk: others must find some left. */
    private static final int MAX_TRANSFERS = 32;

    static final int MAX_TRANSFERS_OF_ONE = 8;
    /** The store may live on the same disk. */
    private static final long DISK_LEFT = 1L << 30;

    private final ServiceLaunchers services;
    private final Path uploads;
    private final long maxUploadBytes;
    private final Shares transfers = new Shares("transfers", MAX_TRANSFERS, MAX_TRANSFERS_OF_ONE);
    private final Shares spooled;

    /**
     * The routes of all bucket services.
     *
     * @param uploads where an upload lies until it is passed on
     */
    FileRoutes(ServiceLaunchers services, Path uploads, long maxUploadBytes) {
        this.services = services;
        this.uploads = uploads;
        this.maxUploadBytes = maxUploadBytes;
        this.spooled = new Shares("bytes to upload", Long.MAX_VALUE, 2 * maxUploadBytes);
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

    private void upload(Context ctx) throws Exception {
        var client = BucketRoutes.find(services, ctx).client();
        Shares.Share transfer = transfers.take(Access.caller(ctx), 1);
        try {
            Shares.Share disk = takeDisk(ctx);
            try {
                Json.answer(ctx, 200, upload(ctx, client));
            } finally {
                disk.close();
            }
        } finally {
            transfer.close();
        }
    }

    private static ObjectNode upload(Context ctx, BucketClient client) throws Exception {
        UploadedFile file = ctx.isMultipartFormData() ? file(ctx) : null;
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
        return Json.object()
                .put("filename", name)
                .put("detail", "File uploaded to Data folder.")
                .put("path", "Data/" + name);
    }

    /** Reserves what the form may take on disk: its length, or the most there can be if it does not say. */
    private Shares.Share takeDisk(Context ctx) throws IOException {
        long length = ctx.req().getContentLengthLong();
        long most = length < 0 ? maxUploadBytes : Math.min(length, maxUploadBytes);
        Shares.Share disk = spooled.take(Access.caller(ctx), most);
        if (Files.getFileStore(uploads).getUsableSpace() < spooled.taken() + DISK_LEFT) {
            disk.close();
            throw new OrchestratorException(ErrorCode.NO_SPACE, "the server has no room for an upload of this size");
        }
        return disk;
    }

    private static @Nullable UploadedFile file(Context ctx) throws Exception {
        try {
            return ctx.uploadedFile("file");
        } catch (Exception failure) {
            // the rest of the body stays unread, so the connection ends; one that is not told may send more on it
            ctx.header("Connection", "close");
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                // the servlet specification's word for a form over its limits (HttpServletRequest.getParts)
                if (cause instanceof IllegalStateException) {
                    throw ApiException.of(413, "the form is larger than an upload may be");
                }
            }
            throw failure;
        }
    }

    private void download(Context ctx) {
        String name = ctx.pathParam("filename");
        var client = BucketRoutes.find(services, ctx).client();
        Shares.Share transfer = transfers.take(Access.caller(ctx), 1);
        BucketContent content;
        try {
            content = client.download(name);
        } catch (OrchestratorException failure) {
            transfer.close();
            throw failure.code() == ErrorCode.NOT_FOUND ? noSuchFile() : failure;
        }
        ctx.header("Content-Length", Long.toString(content.length()))
                .header("Content-Disposition", attachment(name))
                .header("X-Content-Type-Options", "nosniff")
                .header("ETag", "\"" + content.object().etag() + "\"")
                .contentType("application/octet-stream")
                .result(new ClosingInput(content.stream(), () -> {
                    content.close();
                    transfer.close();
                }));
    }

    private void delete(Context ctx) {
        String name = ctx.pathParam("filename");
        if (!BucketRoutes.find(services, ctx).client().delete(name)) {
            throw noSuchFile();
        }
        Json.answer(ctx, 200, Json.object().put("detail", "File '" + name + "' deleted from Data folder."));
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
