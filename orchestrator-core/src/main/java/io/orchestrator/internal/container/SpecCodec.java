package io.orchestrator.internal.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.PortRequest;
import io.orchestrator.container.Protocol;
import io.orchestrator.container.RestartPolicy;
import io.orchestrator.container.VolumeMount;
import io.orchestrator.internal.json.Json;
import io.orchestrator.node.NodeId;
import java.time.Duration;

/** Converts a specification to JSON and back. The JSON holds the environment's values, so it goes nowhere but the store. */
final class SpecCodec {
    private SpecCodec() {}

    /** Writes every value in a fixed order, so that equal specifications give equal JSON. */
    static ObjectNode write(ContainerSpec spec) {
        ObjectNode node = Json.object();
        node.put("image", spec.image());
        node.put("owner", spec.owner());
        Json.put(node, "name", spec.name());
        Json.put(node, "idempotencyKey", spec.idempotencyKey());
        Json.put(node, "node", spec.node().map(NodeId::value));
        Json.put(node, "entrypoint", spec.entrypoint());
        Json.put(node, "command", spec.command());
        ObjectNode environment = node.putObject("environment");
        spec.environment().forEach((variable, value) -> environment.put(variable, value.reveal()));
        Json.put(node, "labels", spec.labels());
        Json.put(node, "user", spec.user());
        Json.put(node, "workingDirectory", spec.workingDirectory());
        node.put("cpus", spec.limits().cpus());
        node.put("memoryMib", spec.limits().memoryMib());
        node.put("pids", spec.limits().pids());
        ArrayNode ports = node.putArray("ports");
        for (PortRequest port : spec.ports()) {
            ports.addObject()
                    .put("containerPort", port.containerPort())
                    .put("protocol", port.protocol().name())
                    .put("hostPort", port.hostPort());
        }
        ArrayNode volumes = node.putArray("volumes");
        for (VolumeMount volume : spec.volumes()) {
            volumes.addObject()
                    .put("volume", volume.volume())
                    .put("path", volume.path())
                    .put("readOnly", volume.readOnly());
        }
        ObjectNode tmpfs = node.putObject("tmpfsMib");
        spec.tmpfsMib().forEach(tmpfs::put);
        node.put("readOnlyRoot", spec.readOnlyRoot());
        node.put("stopSignal", spec.stopSignal());
        node.put("stopGraceMillis", spec.stopGrace().toMillis());
        if (!spec.restart().equals(RestartPolicy.never())) {
            // left out otherwise, so that the hashes of older requests stay what they were
            node.putObject("restart")
                    .put("when", spec.restart().when().name())
                    .put("budget", spec.restart().budget());
        }
        return node;
    }

    static ContainerSpec read(JsonNode node) {
        ContainerSpec.Builder builder = ContainerSpec.builder(node.path("image").asText())
                .owner(node.path("owner").asText())
                .entrypoint(Json.texts(node, "entrypoint").toArray(String[]::new))
                .command(Json.texts(node, "command"))
                .cpus(node.path("cpus").asDouble())
                .memoryMib(node.path("memoryMib").asLong())
                .pids(node.path("pids").asInt())
                .readOnlyRoot(node.path("readOnlyRoot").asBoolean())
                .stopSignal(node.path("stopSignal").asText())
                .stopGrace(Duration.ofMillis(node.path("stopGraceMillis").asLong()));
        Json.text(node, "name").ifPresent(builder::name);
        Json.text(node, "idempotencyKey").ifPresent(builder::idempotencyKey);
        Json.text(node, "node").map(NodeId::of).ifPresent(builder::node);
        Json.text(node, "user").ifPresent(builder::user);
        Json.text(node, "workingDirectory").ifPresent(builder::workingDirectory);
        Json.map(node, "environment").forEach(builder::env);
        Json.map(node, "labels").forEach(builder::label);
        for (JsonNode port : node.path("ports")) {
            builder.publish(new PortRequest(
                    port.path("containerPort").asInt(),
                    Protocol.valueOf(port.path("protocol").asText()),
                    port.path("hostPort").asInt()));
        }
        for (JsonNode volume : node.path("volumes")) {
            builder.volume(new VolumeMount(
                    volume.path("volume").asText(),
                    volume.path("path").asText(),
                    volume.path("readOnly").asBoolean()));
        }
        node.path("tmpfsMib")
                .properties()
                .forEach(member ->
                        builder.tmpfs(member.getKey(), member.getValue().asLong()));
        JsonNode restart = node.path("restart");
        if (restart.isObject()) {
            builder.restart(new RestartPolicy(
                    RestartPolicy.When.valueOf(restart.path("when").asText()),
                    restart.path("budget").asInt()));
        }
        return builder.build();
    }
}
