package io.orchestrator.internal.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.internal.json.Json;
import io.orchestrator.node.NodeReport;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.NodeState;
import io.orchestrator.node.NodeStatus;
import io.orchestrator.node.PortRange;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Converts between a node's record and its state. */
final class NodeCodec {
    static final String KIND = "node";
    private static final List<String> OBSERVED = List.of("reason", "lastSeen", "lastCheck", "report");

    private NodeCodec() {}

    static RecordKey key(String id) {
        return new RecordKey(KIND, id);
    }

    /** Writes a registration over the previous record, or over a fresh one. */
    static ResourceRecord write(ResourceRecord previous, NodeState state) {
        ObjectNode body = Json.object();
        NodeSpec spec = state.spec();
        body.put("uri", spec.uri().toString());
        body.put("firstPort", spec.portRange().first());
        body.put("lastPort", spec.portRange().last());
        body.put("serviceAddress", spec.serviceAddress());
        body.put("registeredAt", state.registeredAt().toString());
        Json.put(body, "labels", spec.labels());
        ResourceRecord.Builder builder =
                previous.toBuilder().node(spec.id().value()).labels(spec.labels());
        return observe(builder, body, state);
    }

    /** Writes what was observed over the stored record, whose specification stays whatever the state says of it. */
    static ResourceRecord observe(ResourceRecord stored, NodeState state) {
        return Json.decode(stored, body -> {
            ObjectNode observed = body.remove(OBSERVED);
            return observe(stored.toBuilder(), observed, state);
        });
    }

    private static ResourceRecord observe(ResourceRecord.Builder builder, ObjectNode body, NodeState state) {
        body.put("reason", state.reason());
        Json.put(body, "lastSeen", state.lastSeen().map(Instant::toString));
        Json.put(body, "lastCheck", state.lastCheck().map(Instant::toString));
        state.report().ifPresent(report -> {
            ObjectNode node = body.putObject("report");
            node.put("engine", report.engine());
            node.put("architecture", report.architecture());
            node.put("cpus", report.cpus());
            node.put("memoryMib", report.memoryMib());
            Json.put(node, "abilities", report.abilities());
        });
        return builder.observed(state.status().name()).body(Json.write(body)).build();
    }

    static NodeState read(ResourceRecord record) {
        return Json.decode(record, body -> {
            NodeSpec.Builder spec = NodeSpec.builder(
                            record.key().id(), URI.create(body.path("uri").asText()))
                    .portRange(new PortRange(
                            body.path("firstPort").asInt(),
                            body.path("lastPort").asInt()))
                    .serviceAddress(body.path("serviceAddress").asText());
            Json.map(body, "labels").forEach(spec::label);
            JsonNode report = body.path("report");
            return new NodeState(
                    spec.build(),
                    NodeStatus.valueOf(record.observed()),
                    Instant.parse(body.path("registeredAt").asText()),
                    Json.text(body, "lastSeen").map(Instant::parse),
                    Json.text(body, "lastCheck").map(Instant::parse),
                    report.isObject() ? Optional.of(report(report)) : Optional.empty(),
                    body.path("reason").asText());
        });
    }

    private static NodeReport report(JsonNode node) {
        return new NodeReport(
                node.path("engine").asText(),
                node.path("architecture").asText(),
                node.path("cpus").asInt(),
                node.path("memoryMib").asLong(),
                new TreeSet<>(Json.texts(node, "abilities")));
    }
}
