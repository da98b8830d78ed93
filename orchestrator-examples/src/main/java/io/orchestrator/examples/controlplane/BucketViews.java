package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.node.NodeId;
import io.orchestrator.service.ServiceState;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Bucket services in the original's words. */
final class BucketViews {
    private BucketViews() {}

    /** The answer to a launch. What told how the original built the image on the node is empty: nothing is built. */
    static ObjectNode launched(ServiceState state, String image) {
        String url = url(state);
        return place(state)
                .put("success", true)
                .put("service_id", state.id().value())
                .put("instance_id", state.id().value())
                .put("container_name", state.name().orElse(state.id().value()))
                .put("image_name", image)
                .put("template", "buckets")
                .put("url", url)
                .put("docs_url", "")
                .put("app_module", "")
                .put("project_dir", "");
    }

    static ObjectNode listed(ServiceState state) {
        return place(state)
                .put("service_id", state.id().value())
                .put("node_id", state.node().map(NodeId::value).orElse(null))
                .put("status", state.status().name().toLowerCase(Locale.ROOT))
                .put("is_healthy", state.health().healthy())
                .put("created_at", Json.timestamp(state.createdAt()));
    }

    static ObjectNode health(ServiceState state) {
        Optional<Instant> checked = state.health().checkedAt();
        return Json.object()
                .put("service_id", state.id().value())
                .put("is_healthy", state.health().healthy())
                .put("last_check", checked.map(Json::timestamp).orElse(null))
                .put("service_url", url(state))
                .put("reason", state.health().reason());
    }

    private static ObjectNode place(ServiceState state) {
        return Json.object()
                .put("container_id", state.containerId().map(Object::toString).orElse(null))
                .put("ip_address", state.endpoint().map(URI::getHost).orElse(null))
                .put("port", state.endpoint().map(URI::getPort).orElse(null))
                .put("service_url", url(state));
    }

    private static String url(ServiceState state) {
        return state.endpoint().map(URI::toString).orElse("");
    }
}
