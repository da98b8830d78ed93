package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.orchestrator.examples.controlplane.ApiException.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads the fields of one JSON object and collects everything that is wrong, so that a caller sees all of it at once.
 *
 * <p>As in the original a number may also come as text. Unlike it, a field that is not known is an error: one that asks for
 * something must not be dropped in silence.
 */
final class Fields {
    private final JsonNode object;
    private final List<String> location;
    private final List<FieldError> errors;

    private Fields(JsonNode object, List<String> location, List<FieldError> errors) {
        this.object = object;
        this.location = location;
        this.errors = errors;
    }

    static Fields of(JsonNode body, Set<String> known) {
        Fields fields = new Fields(body, List.of("body"), new ArrayList<>());
        fields.expectObject(known);
        return fields;
    }

    /** Ends the request if anything read so far, here or in a nested object, was wrong. */
    void check() {
        if (!errors.isEmpty()) {
            throw ApiException.invalid(List.copyOf(errors));
        }
    }

    Fields nested(String name, Set<String> known) {
        Fields fields = new Fields(object.path(name), at(name), errors);
        if (fields.object.isMissingNode()) {
            wrong(name, "missing", "the field is required");
        } else {
            fields.expectObject(known);
        }
        return fields;
    }

    String text(String name) {
        return optionalText(name).orElseGet(() -> missing(name, ""));
    }

    Optional<String> optionalText(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            return Optional.of(wrong(name, "string_type", "must be a string"));
        }
        return Optional.of(value.textValue());
    }

    double number(String name) {
        JsonNode value = object.path(name);
        if (value.isMissingNode() || value.isNull()) {
            missing(name, "");
            return 0;
        }
        Optional<Double> number = number(value);
        if (number.isEmpty()) {
            wrong(name, "float_parsing", "must be a finite number");
        }
        return number.orElse(0.0);
    }

    Map<String, String> texts(String name) {
        Map<String, String> result = new TreeMap<>();
        each(name, (key, value) -> {
            if (value.isTextual()) {
                result.put(key, value.textValue());
            } else {
                wrong(name, "string_type", "every value must be a string");
            }
        });
        return result;
    }

    Map<String, Integer> integers(String name) {
        Map<String, Integer> result = new TreeMap<>();
        each(name, (key, value) -> {
            Optional<Double> number =
                    number(value).filter(found -> found == Math.rint(found) && Math.abs(found) <= Integer.MAX_VALUE);
            if (number.isPresent()) {
                result.put(key, number.get().intValue());
            } else {
                wrong(name, "int_parsing", "every value must be a whole number");
            }
        });
        return result;
    }

    /** Notes what is wrong with a field; the result only saves the caller a line. */
    String wrong(String name, String type, String message) {
        errors.add(new FieldError(type, at(name), message));
        return "";
    }

    private interface Entry {
        void read(String key, JsonNode value);
    }

    private void each(String name, Entry entry) {
        JsonNode map = object.path(name);
        if (map.isMissingNode() || map.isNull()) {
            return;
        }
        if (!map.isObject()) {
            wrong(name, "dict_type", "must be an object");
            return;
        }
        int before = errors.size();
        for (Map.Entry<String, JsonNode> next : map.properties()) {
            if (errors.size() == before) {
                entry.read(next.getKey(), next.getValue());
            }
        }
    }

    private void expectObject(Set<String> known) {
        if (!object.isObject()) {
            errors.add(new FieldError("model_type", location, "must be an object"));
            return;
        }
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            errors.add(new FieldError(
                    "extra_forbidden",
                    location,
                    unknown.size() + " unknown field(s); known are " + String.join(", ", new TreeSet<>(known))));
        }
    }

    private String missing(String name, String otherwise) {
        errors.add(new FieldError("missing", at(name), "the field is required"));
        return otherwise;
    }

    private List<String> at(String name) {
        List<String> all = new ArrayList<>(location);
        all.add(name);
        return List.copyOf(all);
    }

    private static Optional<Double> number(JsonNode value) {
        if (value.isNumber()) {
            return Optional.of(value.doubleValue()).filter(Double::isFinite);
        }
        if (value.isTextual() && value.textValue().matches("-?[0-9]{1,18}(\\.[0-9]{1,18})?")) {
            return Optional.of(Double.parseDouble(value.textValue()));
        }
        return Optional.empty();
    }
}
