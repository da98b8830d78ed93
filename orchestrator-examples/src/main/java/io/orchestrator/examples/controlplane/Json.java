package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Reads bodies strictly (one value, no duplicate keys, bounded size and depth) and writes answers. */
final class Json {
    static final int MAX_BODY_BYTES = 1 << 20;
    static final int MAX_DEPTH = 64;

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(100)
                            .maxNameLength(1_024)
                            .maxStringLength(MAX_BODY_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** UTC with microseconds, always as long. */
    static String timestamp(Instant instant) {
        return TIMESTAMP.format(instant);
    }

    /** The request's body; refuses one that is too large, or is not one JSON value. */
    static JsonNode body(Context ctx) {
        if (ctx.req().getContentLengthLong() > MAX_BODY_BYTES) {
            // before a client is told to go on that asked whether it may send so much
            throw tooLarge();
        }
        byte[] bytes;
        try (InputStream body = ctx.req().getInputStream()) {
            bytes = body.readNBytes(MAX_BODY_BYTES + 1);
        } catch (IOException cut) {
            throw new UncheckedIOException("the request's body could not be read", cut);
        }
        if (bytes.length > MAX_BODY_BYTES) {
            throw tooLarge();
        }
        try {
            JsonNode value = MAPPER.readTree(bytes);
            if (value == null || value.isMissingNode()) {
                throw ApiException.invalid("missing", List.of("body"), "a JSON body is required");
            }
            return value;
        } catch (JsonProcessingException malformed) {
            throw ApiException.invalid("json_invalid", List.of("body"), "not valid JSON: " + why(malformed));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static ApiException tooLarge() {
        return ApiException.of(413, "the body is larger than " + MAX_BODY_BYTES + " bytes", "Connection", "close");
    }

    /** A message of a WebSocket; a missing node if it is not JSON. */
    static JsonNode parse(String message) {
        try {
            return MAPPER.readTree(message);
        } catch (JsonProcessingException malformed) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    static void answer(Context ctx, int status, JsonNode value) {
        ctx.status(status).contentType("application/json").result(write(value));
    }

    static byte[] write(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** The parser's own words may quote the body, so only the place is told. */
    private static String why(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? "it breaks a limit on depth, names or numbers"
                : "the error is at line " + malformed.getLocation().getLineNr() + ", column "
                        + malformed.getLocation().getColumnNr() + "; duplicate keys and more than " + MAX_DEPTH
                        + " levels are errors too";
    }
}
