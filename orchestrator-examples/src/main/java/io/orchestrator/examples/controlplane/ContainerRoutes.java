package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.orchestrator.container.Action;
import io.orchestrator.container.Container;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.Explanation;
import io.orchestrator.container.LogQuery;
import io.orchestrator.node.NodeRegistry;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Containers. An administrator sees all of them, a user its own: others do not exist. */
final class ContainerRoutes {
    /** Long enough to pull a large image; the original gave up after one minute. */
    private static final Duration LAUNCH_WAIT = Duration.ofMinutes(5);

    private static final Duration ACTION_WAIT = Duration.ofMinutes(1);
    private static final int LOG_LINES = 50;
    private static final int MAX_LOG_LINES = 1_000;
    /** In JSON a control character takes six bytes, so that an answer takes ten times as much memory at worst. */
    private static final int MAX_LOG_BYTES = 512 << 10;

    private static final Duration LOG_WAIT = Duration.ofSeconds(30);

    private final ContainerLauncher containers;
    private final NodeRegistry nodes;
    private final Pending pending;
    private final Shares logReads = new Shares("readings of logs", 8, 4);
    /** A body that comes slowly keeps a thread, and one caller must not get them all. */
    private final Shares bodies = new Shares("requests", WebServer.MAX_THREADS, WebServer.MAX_THREADS / 2);

    ContainerRoutes(ContainerLauncher containers, NodeRegistry nodes, Pending pending) {
        this.containers = containers;
        this.nodes = nodes;
        this.pending = pending;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/launch", this::launch, Role.USER);
        routes.get("/user/{user_id}/containers", this::listOfUser, Role.USER);
        routes.get("/containers", this::list, Role.USER);
        routes.get("/containers/{container_id}/status", this::status, Role.USER);
        routes.get("/containers/{container_id}/explain", this::explain, Role.USER);
        routes.get("/containers/{container_id}/ports", this::ports, Role.USER);
        routes.get("/containers/{container_id}/logs", this::logs, Role.USER);
        routes.post("/containers/{container_id}/start", this::start, Role.USER);
        routes.post("/containers/{container_id}/stop", this::stop, Role.USER);
        routes.post("/containers/{container_id}/restart", this::restart, Role.USER);
        routes.delete("/containers/{container_id}", this::delete, Role.USER);
    }

    /** Finds a container for a caller; what it may not see is as absent as what never was. */
    static Container find(ContainerLauncher all, Principal caller, String id) {
        try {
            return view(all, caller).find(ContainerId.of(id)).orElseThrow(() -> ApiException.notFound("Container"));
        } catch (OrchestratorException notAnId) {
            if (notAnId.code() != ErrorCode.INVALID_ARGUMENT) {
                throw notAnId;
            }
            throw ApiException.notFound("Container");
        }
    }

    private static ContainerLauncher view(ContainerLauncher all, Principal caller) {
        return caller.administrator() ? all : all.ownedBy(caller.name());
    }

    private void launch(Context ctx) {
        ContainerSpec spec = LaunchRequest.read(body(ctx), Requests.idempotencyKey(ctx));
        if (!Access.caller(ctx).mayActFor(spec.owner())) {
            throw ApiException.notFound("User");
        }
        Operation<Container> launch = containers.submit(spec);
        RequestLog.note(ctx, "container", launch.target().id());
        pending.answer(ctx, launch, LAUNCH_WAIT, container -> {
            ContainerState state = container.state();
            if (state.status() == ContainerStatus.REMOVING || state.status() == ContainerStatus.REMOVED) {
                throw Requests.keyOfARemoved("container", state.id().value());
            }
            return ContainerViews.launched(state, hostAddress(state));
        });
    }

    private JsonNode body(Context ctx) {
        Shares.Share share = bodies.take(Access.caller(ctx), 1);
        try {
            return Json.body(ctx);
        } finally {
            share.close();
        }
    }

    private void listOfUser(Context ctx) {
        String user = ctx.pathParam("user_id");
        if (!Access.caller(ctx).mayActFor(user)) {
            throw ApiException.notFound("User");
        }
        Page<ContainerState> page = containers.ownedBy(user).list(query(ctx));
        ObjectNode answer = Json.object();
        answer.set("containers", array(page));
        page.next().ifPresent(cursor -> answer.put("next", cursor));
        Json.answer(ctx, 200, answer);
    }

    private void list(Context ctx) {
        Requests.checkBoolean(ctx, "all");
        Page<ContainerState> page = view(containers, Access.caller(ctx)).list(query(ctx));
        page.next().ifPresent(cursor -> ctx.header("Link", Requests.nextLink(ctx, cursor)));
        Json.answer(ctx, 200, array(page));
    }

    private void status(Context ctx) {
        Json.answer(ctx, 200, ContainerViews.status(container(ctx).refresh()));
    }

    /** Tells of a removed container too, while its tombstone is kept; an administrator may ask by the other ids there are. */
    private void explain(Context ctx) {
        Principal caller = Access.caller(ctx);
        Explanation why;
        try {
            why = view(containers, caller).explain(ctx.pathParam("container_id"));
        } catch (OrchestratorException unknown) {
            if (unknown.code() != ErrorCode.NOT_FOUND) {
                throw unknown;
            }
            throw ApiException.notFound("Container");
        }
        Json.answer(ctx, 200, ExplanationViews.explained(why, caller.administrator()));
    }

    private void ports(Context ctx) {
        ContainerState state = container(ctx).refresh();
        Json.answer(ctx, 200, ContainerViews.ports(state, hostAddress(state)));
    }

    private void logs(Context ctx) {
        int lines = Requests.number(ctx, "tail", LOG_LINES, MAX_LOG_LINES);
        Container container = container(ctx);
        Shares.Share share = logReads.take(Access.caller(ctx), 1);
        LogTail tail = new LogTail(lines, MAX_LOG_BYTES);
        try {
            container.logs().open(LogQuery.tail(lines), tail);
        } catch (RuntimeException failure) {
            share.close();
            throw failure;
        }
        CompletableFuture<String> text = tail.text().orTimeout(LOG_WAIT.toSeconds(), TimeUnit.SECONDS);
        pending.answer(ctx, text, all -> Json.object().put("logs", all), share::close);
    }

    private void start(Context ctx) {
        Container container = container(ctx);
        ContainerState before = container.refresh();
        boolean staysSo =
                before.desired() == Desired.RUNNING && before.operation().isEmpty();
        if (before.status() == ContainerStatus.RUNNING && staysSo) {
            Json.answer(ctx, 200, message("Container " + name(before) + " is already running"));
            return;
        }
        act(ctx, container, Action.START, ContainerRoutes::started);
    }

    private void stop(Context ctx) {
        Container container = container(ctx);
        ContainerState before = container.refresh();
        if (before.status() == ContainerStatus.STOPPED && before.operation().isEmpty()) {
            // the wish is recorded all the same: what ended by itself must stay stopped from now on
            act(ctx, container, Action.STOP, state -> message("Container " + name(state) + " is already stopped"));
            return;
        }
        act(ctx, container, Action.STOP, state -> message("Container " + name(state) + " stopped successfully")
                .put("status", ContainerViews.word(state.status())));
    }

    private void restart(Context ctx) {
        act(ctx, container(ctx), Action.RESTART, ContainerRoutes::started);
    }

    private void delete(Context ctx) {
        Container container = container(ctx);
        act(ctx, container, Action.REMOVE, state -> message("Container " + state.id() + " deleted successfully"));
    }

    private void act(Context ctx, Container container, Action action, Function<ContainerState, ObjectNode> view) {
        pending.answer(ctx, container.submit(action), ACTION_WAIT, view::apply);
    }

    private Container container(Context ctx) {
        return find(containers, Access.caller(ctx), ctx.pathParam("container_id"));
    }

    /** Where the container's ports are reached; empty if its node is gone. */
    private String hostAddress(ContainerState state) {
        return nodes.find(state.node())
                .map(node -> node.spec().serviceAddress())
                .orElse("");
    }

    private static ContainerQuery query(Context ctx) {
        ContainerQuery.Builder query = ContainerQuery.builder().limit(Requests.limit(ctx));
        Optional<String> cursor = Requests.cursor(ctx);
        cursor.ifPresent(query::after);
        return query.build();
    }

    private static ArrayNode array(Page<ContainerState> page) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        page.items().forEach(state -> array.add(ContainerViews.listed(state)));
        return array;
    }

    private static ObjectNode started(ContainerState state) {
        return message("Container " + name(state) + " started successfully")
                .put("status", ContainerViews.word(state.status()));
    }

    private static ObjectNode message(String text) {
        return Json.object().put("message", text);
    }

    private static String name(ContainerState state) {
        return ContainerViews.name(state);
    }
}
