package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.ContainerLabels;
import io.orchestrator.spi.CreateRequest;
import io.orchestrator.spi.ObservedContainer;
import io.orchestrator.spi.Waiter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The verbs of a container's life. What does not carry the installation's label is never changed. Thread-safe. */
final class Containers {
    private static final Pattern ID_OR_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,254}");
    private static final Pattern ENGINE_ID = Pattern.compile("[0-9a-f]{12,64}");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(250);

    private final EngineClient client;
    private final String installation;

    Containers(EngineClient client, String installation) {
        this.client = client;
        this.installation = installation;
    }

    void list(CallContext call, Consumer<ObservedContainer> sink) {
        Request request = Request.get(
                client.named("list of containers"), "/containers/json?all=1&filters=" + labelFilter(installation));
        client.call(call, request, response -> {
            response.expect(200);
            response.requireJson();
            Json.readEach(response.body(), response.what(), "", entry -> {
                ObservedContainer container = ContainerJson.listed(entry, response::protocolError);
                // an engine that ignores the filter must not make us adopt what is not ours
                if (isOurs(container)) {
                    sink.accept(container);
                }
            });
            return response;
        });
    }

    /** The query parameter that selects what carries the installation's label. */
    static String labelFilter(String installation) {
        var filters = Json.newObject();
        filters.putArray("label").add(ContainerLabels.INSTALLATION + "=" + installation);
        return URLEncoder.encode(new String(Json.bytes(filters), StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    String create(CallContext call, CreateRequest request) {
        String name = checked(request.name());
        String what = client.named("create of '" + name + "'");
        return client.call(
                call, Request.post(what, "/containers/create?name=" + name, CreateBody.of(request)), response -> {
                    if (response.status() != 201) {
                        throw createError(response.refusal());
                    }
                    String id = response.json().text("Id");
                    if (!ENGINE_ID.matcher(id).matches()) {
                        throw response.protocolError("the new container's id is not one of an engine");
                    }
                    return id;
                });
    }

    private static OrchestratorException createError(Refusal refusal) {
        if (refusal.status() == 404 && (refusal.says("no such image") || refusal.says("image not known"))) {
            return refusal.as(ErrorCode.IMAGE_NOT_FOUND);
        }
        // Podman answers 500 to a taken name
        boolean conflict = refusal.status() == 409 || refusal.status() == 500;
        if (conflict && refusal.says("name") && refusal.says("already in use")) {
            return refusal.as(ErrorCode.NAME_TAKEN);
        }
        return refusal.asException();
    }

    void start(CallContext call, String engineId) {
        String id = ours(call, engineId, "start").engineId();
        String what = client.named("start of '" + id + "'");
        client.call(call, Request.change(what, "POST", "/containers/" + id + "/start"), response -> {
            if (response.status() != 204 && response.status() != 304) {
                throw startError(response.refusal());
            }
            return response;
        });
    }

    private static OrchestratorException startError(Refusal refusal) {
        if (refusal.says("port is already allocated") || refusal.says("address already in use")) {
            return refusal.as(ErrorCode.PORT_TAKEN);
        }
        OrchestratorException error = refusal.asException();
        // a start has no arguments: what the engine calls invalid was in the image or the specification
        return error.code() == ErrorCode.INVALID_ARGUMENT ? refusal.as(ErrorCode.ENGINE_ERROR) : error;
    }

    void stop(CallContext call, String engineId, Duration grace) {
        String id = ours(call, engineId, "stop").engineId();
        String path = "/containers/" + id + "/stop?t=" + CreateBody.seconds(grace);
        client.call(call, Request.change(client.named("stop of '" + id + "'"), "POST", path), response -> {
            response.expect(204, 304);
            return response;
        });
    }

    void remove(CallContext call, String engineId) {
        Optional<ObservedContainer> found = byEngineId(call, engineId);
        if (found.isEmpty()) {
            return;
        }
        requireOurs(found.get(), "remove");
        String id = found.get().engineId();
        String what = client.named("remove of '" + id + "'");
        Request request = Request.change(what, "DELETE", "/containers/" + id + "?force=1&v=1");
        client.call(call, request, response -> {
            if (response.status() != 204) {
                Refusal refusal = response.refusal();
                boolean underWay = refusal.status() == 409 && refusal.says("already in progress");
                if (!refusal.absent() && !underWay) {
                    throw refusal.asException();
                }
            }
            return response;
        });
        awaitAbsence(call, id, what);
    }

    /** A removal that another call began may still be under way; only the engine's own word ends the wait. */
    private void awaitAbsence(CallContext call, String id, String what) {
        Waiter waiter = client.runtime().waiter();
        Runnable forget = call.onCancel(waiter::wake);
        try {
            Duration pause = FIRST_PAUSE;
            while (inspect(call, id).isPresent()) {
                waiter.await(call::cancelled, shorter(pause, call.remaining()));
                call.check(what);
                pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
            }
        } catch (OrchestratorException failure) {
            throw new OutcomeUnknownException(
                    what + " was taken by the engine, but its end was not seen; inspect it", failure);
        } finally {
            forget.run();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    Optional<ObservedContainer> inspect(CallContext call, String engineIdOrName) {
        String id = checked(engineIdOrName);
        Request request = Request.get(client.named("inspect of '" + id + "'"), "/containers/" + id + "/json");
        return client.call(call, request, response -> {
            if (response.status() == 200) {
                return Optional.of(
                        ContainerJson.inspected(response.json(ContainerJson.INSPECTED), response::protocolError));
            }
            Refusal refusal = response.refusal();
            if (refusal.absent()) {
                return Optional.empty();
            }
            throw refusal.asException();
        });
    }

    /** The container, if it is there and carries the installation's label. */
    ObservedContainer ours(CallContext call, String engineId, String verb) {
        ObservedContainer container =
                byEngineId(call, engineId).orElseThrow(() -> OrchestratorException.notFound("container", engineId));
        requireOurs(container, verb);
        return container;
    }

    /** What changes goes by the engine's id: a name may meanwhile belong to another container. */
    private Optional<ObservedContainer> byEngineId(CallContext call, String engineId) {
        return inspect(call, engineId).filter(found -> found.engineId().equals(engineId));
    }

    private void requireOurs(ObservedContainer container, String verb) {
        if (!isOurs(container)) {
            throw new OrchestratorException(
                    ErrorCode.CONFLICT,
                    client.named(verb + " of '" + container.engineId() + "'")
                            + " refused: it does not belong to installation '" + installation + "'");
        }
    }

    private boolean isOurs(ObservedContainer container) {
        return installation.equals(container.labels().get(ContainerLabels.INSTALLATION));
    }

    static String checked(String engineIdOrName) {
        if (engineIdOrName.length() > 255 || !ID_OR_NAME.matcher(engineIdOrName).matches()) {
            throw OrchestratorException.invalid("a container's id or name of " + engineIdOrName.length()
                    + " characters is not 1 to 255 of [A-Za-z0-9_.-] after a letter or digit");
        }
        return engineIdOrName;
    }
}
