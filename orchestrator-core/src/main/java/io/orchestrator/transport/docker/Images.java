package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Finds, fetches and builds images. Thread-safe. */
final class Images {
    private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._:/@-]{0,511}");

    private final EngineClient client;

    Images(EngineClient client) {
        this.client = client;
    }

    Optional<String> imageId(CallContext call, String image) {
        Request request =
                Request.get(client.named("inspect of image '" + checked(image) + "'"), "/images/" + image + "/json");
        return client.call(call, request, response -> {
            if (response.status() == 200) {
                return Optional.of(response.json().text("Id"));
            }
            Refusal refusal = response.refusal();
            if (refusal.absent()) {
                return Optional.empty();
            }
            throw refusal.asException();
        });
    }

    void pull(CallContext call, String image, Consumer<String> progress) {
        String what = client.named("pull of '" + checked(image) + "'");
        int tagAt = image.indexOf(':', image.lastIndexOf('/') + 1);
        boolean pinned = image.indexOf('@') >= 0;
        String path = "/images/create?fromImage=" + encoded(pinned || tagAt < 0 ? image : image.substring(0, tagAt));
        if (!pinned) {
            // without a tag the engine would fetch every tag there is
            path += "&tag=" + encoded(tagAt < 0 ? "latest" : image.substring(tagAt + 1));
        }
        // nothing is lost with the answer: whether the image is there can be asked
        Request request = Request.change(what, "POST", path).harmless();
        follow(call, request, progress, Images::pullError);
    }

    void build(CallContext call, String tag, InputStream tarContext, Consumer<String> progress) {
        String what = client.named("build of '" + checked(tag) + "'");
        Request request = Request.change(what, "POST", "/build?rm=1&forcerm=1&t=" + encoded(tag))
                .harmless()
                .uploading(tarContext);
        follow(call, request, progress, Refusal::asException);
    }

    /** Errors of the registry or of a step come inside an answer whose status says that all is well. */
    private void follow(CallContext call, Request request, Consumer<String> progress, ErrorOf errorOf) {
        client.call(call, request, response -> {
            if (response.status() != 200) {
                throw errorOf.refusal(response.refusal());
            }
            response.requireJson();
            Json.readSequence(response.body(), response.what(), line -> {
                String error = line.textOrEmpty("error");
                if (!error.isEmpty()) {
                    throw errorOf.refusal(new Refusal(response.what(), 500, error));
                }
                String text = words(line);
                if (!text.isEmpty()) {
                    progress.accept(text);
                }
            });
            return response;
        });
    }

    private static String words(Json line) {
        String step = line.textOrEmpty("stream");
        String layer = line.textOrEmpty("id");
        String status = line.textOrEmpty("status");
        String amount = line.textOrEmpty("progress");
        return Refusal.printable(
                (layer.isEmpty() ? "" : layer + ": ") + status + (amount.isEmpty() ? "" : " " + amount) + step);
    }

    private static OrchestratorException pullError(Refusal refusal) {
        if (refusal.says("no space left on device")) {
            return refusal.as(ErrorCode.NO_SPACE);
        }
        boolean refused = refusal.status() == 404
                || refusal.says("denied")
                || refusal.says("not found")
                || refusal.says("manifest unknown")
                || refusal.says("unauthorized");
        if (refused) {
            return refusal.as(ErrorCode.IMAGE_NOT_FOUND);
        }
        // what is left is mostly the way to the registry: refused, timed out, no such host, too many requests
        boolean away = refusal.says("dial tcp")
                || refusal.says("timeout")
                || refusal.says("no such host")
                || refusal.says("connection re")
                || refusal.says("toomanyrequests")
                || refusal.says("eof");
        return away ? refusal.as(ErrorCode.NODE_UNREACHABLE) : refusal.asException();
    }

    /** Chooses the error for a refusal. */
    private interface ErrorOf {
        OrchestratorException refusal(Refusal refusal);
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static String checked(String image) {
        if (image.length() > 512 || !IMAGE.matcher(image).matches() || image.contains("..") || image.contains("//")) {
            throw OrchestratorException.invalid(
                    "an image name of " + image.length() + " characters is not of the form " + IMAGE);
        }
        return image;
    }
}
