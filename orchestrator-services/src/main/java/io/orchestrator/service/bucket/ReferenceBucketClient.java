package io.orchestrator.service.bucket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.service.internal.Answer;
import io.orchestrator.service.internal.Json;
import io.orchestrator.service.internal.Percent;
import io.orchestrator.service.internal.ServiceHttp;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Speaks the object API of the reference bucket service, whose tags are the SHA-256 of the bytes. */
final class ReferenceBucketClient implements BucketClient {
    private static final String OBJECTS = "/data/objects";
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration TRANSFER = Duration.ofHours(1);
    private static final int MAX_NAME = 1_024;
    private static final int MAX_CURSOR = 4_096;
    private static final int MAX_LIST = 8 << 20;
    private static final int MAX_ANSWER = 64 * 1_024;
    private static final Pattern TAG = Pattern.compile("\"([0-9a-f]{64})\"");
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final ServiceHttp http;
    private final String bucket;
    private final @Nullable Duration timeout;

    /** @param bucket named in errors */
    ReferenceBucketClient(ServiceHttp http, String bucket) {
        this(http, bucket, null);
    }

    private ReferenceBucketClient(ServiceHttp http, String bucket, @Nullable Duration timeout) {
        this.http = http;
        this.bucket = bucket;
        this.timeout = timeout;
    }

    @Override
    public BucketClient withTimeout(Duration total) {
        return new ReferenceBucketClient(http, bucket, total);
    }

    private CallContext call(Duration usual) {
        return http.call(timeout == null ? usual : timeout);
    }

    @Override
    public Page<BucketObject> list(String prefix, @Nullable String cursor, int limit) {
        if (limit < 1 || limit > Page.MAX_LIMIT) {
            throw OrchestratorException.invalid("limit " + limit + " is not 1 to " + Page.MAX_LIMIT);
        }
        text("prefix", prefix, MAX_NAME);
        String path = OBJECTS + "?limit=" + limit + "&prefix=" + Percent.encode(prefix);
        if (cursor != null) {
            text("cursor", cursor, MAX_CURSOR);
            path += "&cursor=" + Percent.encode(cursor);
        }
        HttpRequest request = http.request("GET", path).build();
        try (Answer answer = http.send(call(CALL), request, "list of " + bucket)) {
            ObjectNode body = required(answer, 200).json(MAX_LIST);
            if (!body.path("objects").isArray() || body.path("objects").size() > limit) {
                throw answer.broken("has no list of at most " + limit + " objects");
            }
            List<BucketObject> objects = new ArrayList<>();
            for (JsonNode item : body.path("objects")) {
                objects.add(object(answer, item));
            }
            return new Page<>(objects, Json.text(body, "next"));
        }
    }

    @Override
    public Optional<BucketObject> stat(String name) {
        HttpRequest request = http.request("HEAD", path(name)).build();
        try (Answer answer = http.send(call(CALL), request, named("stat", name))) {
            return found(answer).map(present -> object(present, name, length(present)));
        }
    }

    @Override
    public BucketObject upload(String name, InputStream content) {
        HttpRequest.Builder request =
                http.request("PUT", path(name)).header("Content-Type", "application/octet-stream");
        Sha256 sent = new Sha256(content);
        try (Answer answer = http.upload(call(TRANSFER), request, sent, named("upload", name))) {
            BucketObject stored = object(answer, answer.json(MAX_ANSWER));
            if (!stored.name().equals(name)
                    || stored.size() != sent.count()
                    || !stored.etag().equals(sent.hex())) {
                throw answer.broken("describes another object than was sent; what is stored is not what was meant");
            }
            return stored;
        }
    }

    @Override
    public BucketContent download(String name) {
        return open(name, null);
    }

    @Override
    public BucketContent download(String name, ByteRange range) {
        return open(name, range);
    }

    private BucketContent open(String name, @Nullable ByteRange range) {
        HttpRequest.Builder request = http.request("GET", path(name));
        if (range != null) {
            request.header("Range", range.header());
        }
        Answer answer = http.send(call(TRANSFER), request.build(), named("download", name));
        try {
            if (range == null) {
                long length = length(required(answer, 200));
                return new VerifiedContent(object(answer, name, length), length, true, answer);
            }
            return part(required(answer, 206), name, range);
        } catch (RuntimeException failure) {
            answer.close();
            throw failure;
        }
    }

    private BucketContent part(Answer answer, String name, ByteRange range) {
        Matcher told = CONTENT_RANGE.matcher(answer.header("Content-Range"));
        if (!told.matches()) {
            throw answer.broken("has a Content-Range that makes no sense");
        }
        long first = Long.parseLong(told.group(1));
        long last = Long.parseLong(told.group(2));
        long size = Long.parseLong(told.group(3));
        if (first != range.first() || last != Math.min(range.last(), size - 1)) {
            throw answer.broken("has another range than was asked for");
        }
        return new VerifiedContent(object(answer, name, size), last - first + 1, false, answer);
    }

    @Override
    public boolean delete(String name) {
        HttpRequest request = http.request("DELETE", path(name)).build();
        try (Answer answer = http.send(call(CALL), request, named("delete", name))) {
            return found(answer).map(deleted -> deleted.json(MAX_ANSWER)).isPresent();
        }
    }

    /** The answer if it is a success; empty if the service itself said that there is no such object. */
    private static Optional<Answer> found(Answer answer) {
        if (answer.status() == 200) {
            return Optional.of(answer);
        }
        OrchestratorException refusal = answer.refusal();
        if (refusal.code() == ErrorCode.NOT_FOUND) {
            return Optional.empty();
        }
        throw refusal;
    }

    private static Answer required(Answer answer, int status) {
        if (answer.status() != status) {
            throw answer.refusal();
        }
        return answer;
    }

    private String named(String verb, String name) {
        return verb + " of '" + name + "' in " + bucket;
    }

    private static String path(String name) {
        text("name", name, MAX_NAME);
        if (name.isEmpty()) {
            throw OrchestratorException.invalid("the object's name is empty");
        }
        return OBJECTS + "/" + Percent.encode(name);
    }

    private static void text(String what, String value, int maxBytes) {
        if (value.length() > maxBytes || value.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw OrchestratorException.invalid("the object's " + what + " is longer than " + maxBytes + " bytes");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw OrchestratorException.invalid("the object's " + what + " has a control character");
        }
    }

    private static BucketObject object(Answer answer, JsonNode item) {
        String name = Json.text(item, "name").orElseThrow(() -> answer.broken("describes an object without a name"));
        JsonNode size = item.path("size");
        if (!size.canConvertToLong() || !size.isIntegralNumber() || size.longValue() < 0) {
            throw answer.broken("describes an object without a size");
        }
        try {
            Instant modified = Instant.parse(item.path("last_modified").asText());
            return new BucketObject(
                    name,
                    size.longValue(),
                    modified,
                    tag(answer, item.path("etag").asText()));
        } catch (DateTimeException wrong) {
            throw answer.broken("describes an object without a time");
        }
    }

    private static BucketObject object(Answer answer, String name, long size) {
        try {
            DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);
            Instant modified =
                    ZonedDateTime.parse(answer.header("Last-Modified"), format).toInstant();
            return new BucketObject(name, size, modified, tag(answer, answer.header("ETag")));
        } catch (DateTimeException wrong) {
            throw answer.broken("has no proper Last-Modified");
        }
    }

    private static String tag(Answer answer, String quoted) {
        Matcher tag = TAG.matcher(quoted);
        if (!tag.matches()) {
            throw answer.broken("has no proper ETag");
        }
        return tag.group(1);
    }

    private static long length(Answer answer) {
        String length = answer.header("Content-Length");
        if (!length.matches("\\d{1,18}")) {
            throw answer.broken("has no proper Content-Length");
        }
        return Long.parseLong(length);
    }
}
