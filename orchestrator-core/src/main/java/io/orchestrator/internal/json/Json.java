package io.orchestrator.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.ResourceRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads and writes the JSON bodies of records: depth 64 and duplicate keys refused. Thread-safe. */
public final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(16 << 20)
                    .maxDocumentLength(32L << 20)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "a body could not be written as JSON", impossible);
        }
    }

    /**
     * Parses a body.
     *
     * @param what named in the error, such as the record's key
     */
    public static JsonNode read(String what, String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException malformed) {
            // the parser's own message may quote the body, which can hold secrets
            throw new OrchestratorException(ErrorCode.INTERNAL, "the stored body of " + what + " is not valid JSON");
        }
    }

    /** Reads a record's body, an object; whatever goes wrong is one {@link ErrorCode#PROTOCOL_ERROR} that names the record. */
    public static <T> T decode(ResourceRecord record, Function<ObjectNode, T> codec) {
        String key = record.key().toString();
        try {
            if (read(key, record.body()) instanceof ObjectNode body) {
                return codec.apply(body);
            }
            throw new OrchestratorException(ErrorCode.PROTOCOL_ERROR, "its body is no object");
        } catch (RuntimeException unreadable) {
            throw new OrchestratorException(
                    ErrorCode.PROTOCOL_ERROR,
                    "the record of " + key + " cannot be read: " + unreadable.getMessage(),
                    unreadable);
        }
    }

    public static void put(ObjectNode object, String name, Optional<String> value) {
        value.ifPresent(present -> object.put(name, present));
    }

    public static void put(ObjectNode object, String name, Collection<String> values) {
        ArrayNode array = object.putArray(name);
        values.forEach(array::add);
    }

    public static void put(ObjectNode object, String name, Map<String, String> values) {
        ObjectNode members = object.putObject(name);
        values.forEach(members::put);
    }

    public static Optional<String> text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    public static List<String> texts(JsonNode object, String name) {
        List<String> values = new ArrayList<>();
        object.path(name).forEach(item -> values.add(item.asText()));
        return values;
    }

    public static SortedMap<String, String> map(JsonNode object, String name) {
        SortedMap<String, String> values = new TreeMap<>();
        object.path(name)
                .properties()
                .forEach(member -> values.put(member.getKey(), member.getValue().asText()));
        return values;
    }
}
