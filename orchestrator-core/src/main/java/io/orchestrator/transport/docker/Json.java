package io.orchestrator.transport.docker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A value of an engine's JSON answer, read within limits and asked for with types: a field of another type than asked is
 * a protocol error, a missing or null one is what the method says.
 */
final class Json {
    private static final int MAX_DEPTH = 64;
    /** A listing shows a whole command, which may have a mebibyte, as one text. */
    private static final int MAX_STRING = 2 << 20;

    private static final long MAX_ITEM_BYTES = 8L << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_STRING)
                            .maxNameLength(65_536)
                            .maxNumberLength(100)
                            .build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .build();
    private static final ObjectReader READER =
            MAPPER.readerFor(JsonNode.class).with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final JsonNode node;
    private final String what;

    private Json(JsonNode node, String what) {
        this.node = node;
        this.what = what;
    }

    static ObjectNode newObject() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(ObjectNode object) {
        try {
            return MAPPER.writeValueAsBytes(object);
        } catch (JsonProcessingException impossible) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "a request cannot be written as JSON", impossible);
        }
    }

    /** The body as one JSON object. */
    static Json read(ResponseBody body, String what) {
        return readWhole(body, what, parser -> current(parser, what));
    }

    /** The body as one JSON object, of which only these fields are kept. */
    static Json read(ResponseBody body, String what, Set<String> fields) {
        return readWhole(body, what, parser -> fieldsOf(parser, what, fields));
    }

    private static Json readWhole(ResponseBody body, String what, ObjectReading reading) {
        return parsing(what, () -> {
            try (JsonParser parser = MAPPER.createParser(body)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw protocolError(what, "the answer is not a JSON object");
                }
                Json value = reading.read(parser);
                if (parser.nextToken() != null) {
                    throw protocolError(what, "the answer goes on after its JSON");
                }
                return value;
            }
        });
    }

    private static Json fieldsOf(JsonParser parser, String what, Set<String> fields) throws IOException {
        ObjectNode kept = newObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (!fields.contains(field)) {
                parser.skipChildren();
            } else if (kept.replace(field, READER.readTree(parser)) != null) {
                throw protocolError(what, "'" + field + "' is in the answer twice");
            }
        }
        return new Json(kept, what);
    }

    /** Hands over each object of the array that the body is, or that its given field is, one at a time. */
    static void readEach(ResponseBody body, String what, String field, Consumer<Json> sink) {
        parsing(what, () -> {
            try (JsonParser parser = MAPPER.createParser(body)) {
                if (!field.isEmpty()) {
                    if (parser.nextToken() != JsonToken.START_OBJECT) {
                        throw protocolError(what, "the answer is not a JSON object");
                    }
                    while (parser.nextToken() == JsonToken.FIELD_NAME
                            && !parser.currentName().equals(field)) {
                        parser.nextToken();
                        parser.skipChildren();
                    }
                }
                JsonToken start = field.isEmpty() || parser.currentToken() == JsonToken.FIELD_NAME
                        ? parser.nextToken()
                        : JsonToken.VALUE_NULL;
                if (start == JsonToken.START_ARRAY) {
                    body.allow(MAX_ITEM_BYTES);
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        if (parser.currentToken() != JsonToken.START_OBJECT) {
                            throw protocolError(what, "an item of the answer is not a JSON object");
                        }
                        sink.accept(new Json(READER.readTree(parser), what));
                        body.allow(MAX_ITEM_BYTES);
                    }
                } else if (start != JsonToken.VALUE_NULL || field.isEmpty()) {
                    throw protocolError(what, "the answer is not a JSON array");
                }
                while (parser.nextToken() != null) {
                    // the end must be read too: only then is the answer known to be whole
                }
                return what;
            }
        });
    }

    /** Hands over each object of a body that is a sequence of them, as they arrive. */
    static void readSequence(ResponseBody body, String what, Consumer<Json> sink) {
        parsing(what, () -> {
            try (JsonParser parser = MAPPER.createParser(body)) {
                body.allow(MAX_ITEM_BYTES);
                while (parser.nextToken() != null) {
                    sink.accept(current(parser, what));
                    body.allow(MAX_ITEM_BYTES);
                }
                return what;
            }
        });
    }

    private static Json current(JsonParser parser, String what) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw protocolError(what, "the answer is not a JSON object");
        }
        return new Json(READER.readTree(parser), what);
    }

    /** Something that reads the object that a parser is at. */
    private interface ObjectReading {
        Json read(JsonParser parser) throws IOException;
    }

    /** Something that reads. */
    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T parsing(String what, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException malformed) {
            // the message of the parser may quote the answer: its place is enough
            throw protocolError(
                    what,
                    "the answer is not JSON within our limits ("
                            + malformed.getClass().getSimpleName() + ")");
        }
    }

    private static OrchestratorException protocolError(String what, String why) {
        return new OrchestratorException(ErrorCode.PROTOCOL_ERROR, what + ": " + why);
    }

    /** The text of a field that must be there. */
    String text(String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw protocolError(what, "'" + field + "' of the answer is not a text");
        }
        return value.textValue();
    }

    /** The text of a field, empty if it is missing. */
    String textOrEmpty(String field) {
        return missing(field) ? "" : text(field);
    }

    /** The whole number of a field that must be there. */
    long number(String field) {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw protocolError(what, "'" + field + "' of the answer is not a whole number");
        }
        return value.longValue();
    }

    /** The whole number of a field, empty if it is missing. */
    OptionalInt integer(String field) {
        if (missing(field)) {
            return OptionalInt.empty();
        }
        long value = number(field);
        if (value < Integer.MIN_VALUE || value > Integer.MAX_VALUE) {
            throw protocolError(what, "'" + field + "' of the answer is too large");
        }
        return OptionalInt.of((int) value);
    }

    /** The truth of a field, false if it is missing. */
    boolean flag(String field) {
        if (missing(field)) {
            return false;
        }
        JsonNode value = node.path(field);
        if (!value.isBoolean()) {
            throw protocolError(what, "'" + field + "' of the answer is not true or false");
        }
        return value.booleanValue();
    }

    /** The object in a field, one without fields if it is missing. */
    Json object(String field) {
        JsonNode value = missing(field) ? MissingNode.getInstance() : node.path(field);
        if (!value.isObject() && !value.isMissingNode()) {
            throw protocolError(what, "'" + field + "' of the answer is not an object");
        }
        return new Json(value, what);
    }

    /** The objects of the array in a field, none if it is missing. */
    List<Json> objects(String field) {
        List<Json> items = new ArrayList<>();
        for (JsonNode item : array(field)) {
            if (!item.isObject()) {
                throw protocolError(what, "an item of '" + field + "' of the answer is not an object");
            }
            items.add(new Json(item, what));
        }
        return items;
    }

    /** The texts of the array in a field, none if it is missing. */
    List<String> texts(String field) {
        List<String> items = new ArrayList<>();
        for (JsonNode item : array(field)) {
            if (!item.isTextual()) {
                throw protocolError(what, "an item of '" + field + "' of the answer is not a text");
            }
            items.add(item.textValue());
        }
        return items;
    }

    private JsonNode array(String field) {
        JsonNode value = missing(field) ? MissingNode.getInstance() : node.path(field);
        if (!value.isArray() && !value.isMissingNode()) {
            throw protocolError(what, "'" + field + "' of the answer is not an array");
        }
        return value;
    }

    /** The fields of the object in a field, all of them texts; none if it is missing. */
    SortedMap<String, String> map(String field) {
        SortedMap<String, String> entries = new TreeMap<>();
        Json object = object(field);
        object.node.fieldNames().forEachRemaining(name -> entries.put(name, object.text(name)));
        return entries;
    }

    /** Visits each name of this object with the objects of the array under it. */
    void eachField(BiConsumer<String, List<Json>> visitor) {
        node.fieldNames().forEachRemaining(name -> visitor.accept(name, objects(name)));
    }

    private boolean missing(String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull();
    }
}
