package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;

/** Ready-made bodies for {@code POST /launch}. The original had two shapes on this route; this is the one that can be launched. */
final class TemplateRoutes {
    private static final List<Template> TEMPLATES = List.of(
            new Template("python-web", "python:3.9-slim", 5_000, 5_000, Map.of("FLASK_APP", "app.py"), 0.2, "512m"),
            new Template("node-web", "node:16-alpine", 3_000, 3_000, Map.of("NODE_ENV", "production"), 0.2, "512m"),
            new Template("nginx", "nginx:alpine", 80, 8_080, Map.of(), 0.1, "256m"));

    private record Template(
            String name, String image, int port, int hostPort, Map<String, String> env, double cpu, String memory) {
        ObjectNode view() {
            ObjectNode view = Json.object()
                    .put("name", name)
                    .put("description", "a container of " + image + " with port " + port + " published")
                    .put("image", image)
                    .put("cpu", cpu)
                    .put("memory", memory);
            view.putObject("ports").put(port + "/tcp", hostPort);
            ObjectNode variables = view.putObject("env");
            env.forEach(variables::put);
            return view;
        }
    }

    void addTo(RoutesConfig routes) {
        routes.get("/templates", TemplateRoutes::list, Role.USER);
    }

    private static void list(Context ctx) {
        ObjectNode answer = Json.object();
        ArrayNode templates = answer.putArray("templates");
        ArrayNode available = answer.putArray("available");
        for (Template template : TEMPLATES) {
            templates.add(template.view());
            available.add(template.name());
        }
        Json.answer(ctx, 200, answer);
    }
}
