package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpHeaders;

/** An answer as a client reads it. */
record Answer(int status, HttpHeaders headers, String text) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    JsonNode json() {
        try {
            return MAPPER.readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException("not JSON: " + text, notJson);
        }
    }

    String field(String name) {
        return json().path(name).asText();
    }

    String detail() {
        return field("detail");
    }
}
