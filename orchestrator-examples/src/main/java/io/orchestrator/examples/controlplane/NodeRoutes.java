package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.orchestrator.node.NodeId;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.node.NodeSpec;
import io.orchestrator.node.NodeState;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Machines: for administrators only, as their addresses are nobody else's business. */
final class NodeRoutes {
    private final NodeRegistry nodes;

    NodeRoutes(NodeRegistry nodes) {
        this.nodes = nodes;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/register_node/{node_id}", this::register, Role.ADMIN);
        routes.get("/nodes", this::list, Role.ADMIN);
        routes.get("/health_check/{node_id}", this::check, Role.ADMIN);
    }

    private void register(Context ctx) {
        String url = ctx.queryParam("url");
        if (url == null) {
            throw ApiException.invalid("missing", List.of("query", "url"), "the field is required");
        }
        NodeState node =
                nodes.register(NodeSpec.of(ctx.pathParam("node_id"), uri(url))).node();
        Json.answer(
                ctx,
                200,
                Json.object()
                        .put("status", "success")
                        .put("node_id", node.id().value())
                        .put("url", node.spec().uri().toString()));
    }

    private void list(Context ctx) {
        Page<NodeState> page = nodes.list(Requests.cursor(ctx), Requests.limit(ctx));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("nodes");
        for (NodeState node : page.items()) {
            list.addObject()
                    .put("node_id", node.id().value())
                    .put("url", node.spec().uri().toString())
                    .put("is_healthy", node.healthy())
                    .put("last_seen", node.lastSeen().map(Json::timestamp).orElse(null))
                    .put(
                            "last_health_check",
                            node.lastCheck().map(Json::timestamp).orElse(null));
        }
        page.next().ifPresent(cursor -> answer.put("next", cursor));
        Json.answer(ctx, 200, answer);
    }

    private void check(Context ctx) {
        NodeState node = nodes.check(known(ctx.pathParam("node_id")));
        Json.answer(ctx, 200, Json.object().put("node_id", node.id().value()).put("healthy", node.healthy()));
    }

    private NodeId known(String text) {
        try {
            NodeId id = NodeId.of(text);
            if (nodes.find(id).isPresent()) {
                return id;
            }
        } catch (OrchestratorException noSuchId) {
            throw ApiException.notFound("Node");
        }
        throw ApiException.notFound("Node");
    }

    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException malformed) {
            throw ApiException.invalid("url_parsing", List.of("query", "url"), "must be a URI");
        }
    }
}
