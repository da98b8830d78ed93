package io.orchestrator.benchmarks;

import static io.orchestrator.benchmarks.IncorrectException.require;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.spi.ContainerLabels;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks at the engine past every contender: is what was launched there, as asked, and is nothing else? Not thread-safe. */
final class EngineCheck implements AutoCloseable {
    private static final int SWEEPS = 10;

    private final ObjectMapper mapper = new ObjectMapper();
    private final RawEngine raw;
    private @Nullable JsonNode firstSeen;

    EngineCheck(URI engine) {
        raw = new RawEngine(engine);
    }

    RawEngine raw() {
        return raw;
    }

    /** Requires that the container runs, carries the labels, and is configured as every other one that was checked. */
    void running(String engineId, String installation, String id) {
        JsonNode seen = json("/containers/" + engineId + "/json");
        require(seen.path("State").path("Running").asBoolean(), "container '" + engineId + "' does not run");
        JsonNode labels = seen.path("Config").path("Labels");
        require(
                labels.path(ContainerLabels.INSTALLATION).asText().equals(installation)
                        && labels.path(ContainerLabels.ID).asText().equals(id),
                "container '" + engineId + "' does not carry the labels of '" + id + "'");
        ObjectNode configured = mapper.createObjectNode();
        configured.set("HostConfig", seen.path("HostConfig"));
        if (configured.at("/HostConfig/RestartPolicy/Name").asText().isEmpty()) {
            // docker-java has no other word for it
            configured.withObject("/HostConfig/RestartPolicy").put("Name", "no");
        }
        configured.set("Cmd", seen.path("Config").path("Cmd"));
        configured.set("Image", seen.path("Image"));
        JsonNode plain = withoutEmpty(configured);
        if (firstSeen == null) {
            firstSeen = plain;
        }
        require(plain.equals(firstSeen), "two contenders launched differently: " + firstSeen + " and " + plain);
    }

    /** The engine ids of all containers of the installation, running or not. */
    Set<String> all(String installation) {
        String filter = "{\"label\":[\"" + ContainerLabels.INSTALLATION + "=" + installation + "\"]}";
        Set<String> ids = new TreeSet<>();
        json("/containers/json?all=1&filters=" + URLEncoder.encode(filter, StandardCharsets.UTF_8))
                .forEach(entry -> ids.add(entry.path("Id").asText()));
        return ids;
    }

    void remove(String engineId) {
        remove(raw, engineId);
    }

    static void remove(RawEngine raw, String engineId) {
        int status = raw.exchange(removal(engineId));
        require(status == 204 || status == 404, "container '" + engineId + "' cannot be removed: status " + status);
    }

    /** Removes whatever the installation still has, also while a run that is being ended removes or launches some. */
    void sweep(String installation) {
        for (int tries = 0; tries < SWEEPS && !all(installation).isEmpty(); tries++) {
            // one that somebody else is removing is refused, and gone at the next look
            all(installation).forEach(id -> raw.exchange(removal(id)));
        }
    }

    private static ByteBuffer removal(String engineId) {
        return RawEngine.request("DELETE", "/containers/" + engineId + "?force=1&v=1");
    }

    private JsonNode json(String path) {
        int status = raw.exchange(RawEngine.request("GET", path));
        require(status == 200, "the engine answers " + status + " to GET " + path);
        try {
            return mapper.readTree(raw.json());
        } catch (JsonProcessingException malformed) {
            throw new IncorrectException("the engine's answer to GET " + path + " is not JSON");
        }
    }

    /** An absent value, null and an empty list are one and the same to the engine. */
    private JsonNode withoutEmpty(JsonNode node) {
        if (!node.isObject()) {
            return node;
        }
        ObjectNode kept = mapper.createObjectNode();
        node.properties().forEach(field -> {
            JsonNode value = withoutEmpty(field.getValue());
            boolean empty = value.isNull() || (value.isContainerNode() && value.isEmpty());
            if (!empty) {
                kept.set(field.getKey(), value);
            }
        });
        return kept;
    }

    @Override
    public void close() {
        raw.close();
    }
}
