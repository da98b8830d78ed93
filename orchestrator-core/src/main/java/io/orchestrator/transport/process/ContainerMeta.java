package io.orchestrator.transport.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.internal.json.Json;
import io.orchestrator.security.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that was decided of a container when it was created.
 *
 * @param name the engine name
 * @param labels all labels
 * @param argv the whole command line
 * @param environment all variables that it gets from us
 * @param workingDirectory a path on this machine
 * @param ports as published
 * @param volumes the engine names of its volumes
 * @param mounts paths of the specification and the directories that take their place
 * @param tmpfs directories below its home that are made for each run
 * @param stopSignal such as {@code SIGTERM}
 */
record ContainerMeta(
        String name,
        SortedMap<String, String> labels,
        List<String> argv,
        SortedMap<String, Secret> environment,
        String workingDirectory,
        List<PublishedPort> ports,
        List<String> volumes,
        SortedMap<String, String> mounts,
        List<String> tmpfs,
        String stopSignal) {
    String toJson() {
        ObjectNode json = Json.object();
        json.put("name", name);
        Json.put(json, "labels", labels);
        Json.put(json, "argv", argv);
        SortedMap<String, String> revealed = new TreeMap<>();
        environment.forEach((variable, value) -> revealed.put(variable, value.reveal()));
        Json.put(json, "environment", revealed);
        json.put("workingDirectory", workingDirectory);
        ArrayNode list = json.putArray("ports");
        ports.forEach(port -> list.addObject()
                .put("containerPort", port.containerPort())
                .put("protocol", port.protocol().name())
                .put("hostAddress", port.hostAddress())
                .put("hostPort", port.hostPort()));
        Json.put(json, "volumes", volumes);
        Json.put(json, "mounts", mounts);
        Json.put(json, "tmpfs", tmpfs);
        json.put("stopSignal", stopSignal);
        return Json.write(json);
    }

    /** Reads what {@link #toJson} wrote; throws an unchecked exception for anything else. */
    static ContainerMeta fromJson(String what, String text) {
        JsonNode json = Json.read(what, text);
        SortedMap<String, Secret> environment = new TreeMap<>();
        Json.map(json, "environment").forEach((variable, value) -> environment.put(variable, Secret.of(value)));
        List<PublishedPort> ports = new ArrayList<>();
        json.path("ports")
                .forEach(port -> ports.add(new PublishedPort(
                        port.path("containerPort").asInt(),
                        Protocol.valueOf(port.path("protocol").asText()),
                        port.path("hostAddress").asText(),
                        port.path("hostPort").asInt())));
        return new ContainerMeta(
                required(json, "name"),
                Json.map(json, "labels"),
                Json.texts(json, "argv"),
                environment,
                required(json, "workingDirectory"),
                ports,
                Json.texts(json, "volumes"),
                Json.map(json, "mounts"),
                Json.texts(json, "tmpfs"),
                required(json, "stopSignal"));
    }

    private static String required(JsonNode json, String name) {
        return Json.text(json, name).orElseThrow(() -> new IllegalArgumentException("it has no '" + name + "'"));
    }
}
