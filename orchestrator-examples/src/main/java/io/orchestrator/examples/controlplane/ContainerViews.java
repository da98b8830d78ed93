package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.PublishedPort;
import java.util.List;
import java.util.Locale;

/** Containers in the original's words. */
final class ContainerViews {
    private ContainerViews() {}

    /** The answer to a launch: {@code id} and {@code container_id} are the same, either leads to the container. */
    static ObjectNode launched(ContainerState state, String hostAddress) {
        ObjectNode answer = Json.object()
                .put("id", state.id().value())
                .put("container_id", state.id().value())
                .put("status", word(state.status()))
                .put("name", name(state))
                .put("host_ip", hostAddress);
        ObjectNode ports = answer.putObject("ports");
        state.ports().forEach(port -> ports.put(key(port), port.hostPort()));
        accessUrls(answer, state.ports());
        return answer;
    }

    static ObjectNode listed(ContainerState state) {
        return Json.object()
                .put("container_id", state.id().value())
                .put("image", state.spec().image())
                .put("name", state.spec().name().orElse(null))
                .put("status", word(state.status()))
                .put("node_id", state.node().value())
                .put("created_at", Json.timestamp(state.createdAt()));
    }

    static ObjectNode status(ContainerState state) {
        return Json.object()
                .put("id", state.id().value())
                .put("name", name(state))
                .put("status", word(state.status()))
                .put("state", word(state.status()))
                .put("running", state.status() == ContainerStatus.RUNNING)
                .put("reason", state.reason());
    }

    /** Published ports; none unless the container runs, as engines show it. */
    static ObjectNode ports(ContainerState state, String hostAddress) {
        List<PublishedPort> open = state.status() == ContainerStatus.RUNNING ? state.ports() : List.of();
        ObjectNode answer = Json.object()
                .put("container_id", state.id().value())
                .put("name", name(state))
                .put("host_ip", hostAddress);
        ObjectNode ports = answer.putObject("ports");
        for (PublishedPort port : open) {
            ArrayNode bindings = ports.withArray("/" + key(port).replace("/", "~1"));
            bindings.addObject().put("HostIp", port.hostAddress()).put("HostPort", Integer.toString(port.hostPort()));
        }
        accessUrls(answer, open);
        return answer;
    }

    /** What people call it: its name, or its id if it has none. */
    static String name(ContainerState state) {
        return state.spec().name().orElse(state.id().value());
    }

    static String word(ContainerStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static void accessUrls(ObjectNode answer, List<PublishedPort> ports) {
        ObjectNode urls = answer.putObject("access_urls");
        for (PublishedPort port : ports) {
            String host = port.hostAddress().contains(":") ? "[" + port.hostAddress() + "]" : port.hostAddress();
            urls.put("port_" + port.containerPort(), "http://" + host + ":" + port.hostPort());
        }
    }

    private static String key(PublishedPort port) {
        return port.containerPort() + "/" + port.protocol().wireName();
    }
}
