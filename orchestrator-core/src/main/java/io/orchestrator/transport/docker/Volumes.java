package io.orchestrator.transport.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.ContainerLabels;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The verbs of named volumes. What does not carry the installation's label is never removed. Thread-safe. */
final class Volumes {
    private final EngineClient client;
    private final String installation;

    Volumes(EngineClient client, String installation) {
        this.client = client;
        this.installation = installation;
    }

    void create(CallContext call, String name, SortedMap<String, String> labels) {
        ObjectNode body = Json.newObject().put("Name", Containers.checked(name));
        ObjectNode marks = body.putObject("Labels");
        labels.forEach(marks::put);
        String what = client.named("create of volume '" + name + "'");
        client.call(call, Request.post(what, "/volumes/create", Json.bytes(body)), response -> {
            response.expect(201);
            return response;
        });
    }

    Optional<SortedMap<String, String>> labels(CallContext call, String name) {
        String what = client.named("inspect of volume '" + Containers.checked(name) + "'");
        return client.call(call, Request.get(what, "/volumes/" + name), response -> {
            if (response.status() == 200) {
                return Optional.of(response.json().map("Labels"));
            }
            Refusal refusal = response.refusal();
            if (refusal.absent()) {
                return Optional.empty();
            }
            throw refusal.asException();
        });
    }

    void remove(CallContext call, String name) {
        Optional<SortedMap<String, String>> found = labels(call, name);
        if (found.isEmpty()) {
            return;
        }
        String what = client.named("remove of volume '" + name + "'");
        if (!installation.equals(found.get().get(ContainerLabels.INSTALLATION))) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT, what + " refused: it does not belong to installation '" + installation + "'");
        }
        client.call(call, Request.change(what, "DELETE", "/volumes/" + name), response -> {
            if (response.status() != 204) {
                Refusal refusal = response.refusal();
                if (!refusal.absent()) {
                    throw refusal.asException();
                }
            }
            return response;
        });
    }

    void list(CallContext call, Consumer<String> sink) {
        Request request = Request.get(
                client.named("list of volumes"), "/volumes?filters=" + Containers.labelFilter(installation));
        client.call(call, request, response -> {
            response.expect(200);
            response.requireJson();
            Json.readEach(response.body(), response.what(), "Volumes", volume -> {
                if (installation.equals(volume.map("Labels").get(ContainerLabels.INSTALLATION))) {
                    sink.accept(volume.text("Name"));
                }
            });
            return response;
        });
    }
}
