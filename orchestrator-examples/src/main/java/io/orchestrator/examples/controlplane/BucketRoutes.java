package io.orchestrator.examples.controlplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.service.ServiceId;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.ServiceState;
import io.orchestrator.service.ServiceStatus;
import io.orchestrator.service.VolumePolicy;
import io.orchestrator.service.bucket.Bucket;
import io.orchestrator.service.bucket.BucketEngine;
import io.orchestrator.service.bucket.BucketSpec;
import java.time.Duration;

/** Bucket services: launching, watching and removing them. Their files are {@link FileRoutes}. */
final class BucketRoutes {
    private static final Duration LAUNCH_WAIT = Duration.ofMinutes(5);
    private static final Duration REMOVE_WAIT = Duration.ofMinutes(1);

    private final ServiceLaunchers services;
    private final BucketEngine engine;
    private final Pending pending;

    BucketRoutes(ServiceLaunchers services, BucketEngine engine, Pending pending) {
        this.services = services;
        this.engine = engine;
        this.pending = pending;
    }

    void addTo(RoutesConfig routes) {
        routes.post("/launchBucket", this::launch, Role.USER);
        routes.get("/bucket-services", this::list, Role.USER);
        routes.get("/bucket-services/{service_id}", this::show, Role.USER);
        routes.get("/bucket-services/{service_id}/health", this::health, Role.USER);
        routes.delete("/bucket-services/{service_id}", this::remove, Role.USER);
    }

    /** Finds the bucket in the path for its caller; what it may not see is as absent as what never was. */
    static Bucket find(ServiceLaunchers all, Context ctx) {
        try {
            return view(all, Access.caller(ctx))
                    .find(ServiceId.of(ctx.pathParam("service_id")), Bucket.class)
                    .orElseThrow(() -> ApiException.notFound("Bucket service"));
        } catch (OrchestratorException failure) {
            throw failure.code() == ErrorCode.INVALID_ARGUMENT ? ApiException.notFound("Bucket service") : failure;
        }
    }

    private static ServiceLaunchers view(ServiceLaunchers all, Principal caller) {
        return caller.administrator() ? all : all.ownedBy(caller.name());
    }

    private void launch(Context ctx) {
        BucketSpec.Builder spec =
                BucketSpec.builder(engine).owner(Access.caller(ctx).name());
        Requests.idempotencyKey(ctx).ifPresent(spec::idempotencyKey);
        Operation<Bucket> launch = services.submit(spec.build());
        RequestLog.note(ctx, "service", launch.target().id());
        String image = engine.profile().images().get(0);
        pending.answer(ctx, launch, LAUNCH_WAIT, bucket -> {
            ServiceState state = bucket.state();
            if (state.status() == ServiceStatus.REMOVING || state.status() == ServiceStatus.REMOVED) {
                throw Requests.keyOfARemoved("bucket service", state.id().value());
            }
            return BucketViews.launched(state, image);
        });
    }

    private void list(Context ctx) {
        Page<ServiceState> page = view(services, Access.caller(ctx))
                .list(Bucket.KIND, Requests.cursor(ctx).orElse(null), Requests.limit(ctx));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("bucket_services");
        page.items().forEach(state -> list.add(BucketViews.listed(state)));
        page.next().ifPresent(cursor -> answer.put("next", cursor));
        Json.answer(ctx, 200, answer);
    }

    private void show(Context ctx) {
        Json.answer(ctx, 200, BucketViews.listed(find(services, ctx).state()));
    }

    private void health(Context ctx) {
        Json.answer(ctx, 200, BucketViews.health(find(services, ctx).check()));
    }

    private void remove(Context ctx) {
        Bucket bucket = find(services, ctx);
        pending.answer(ctx, bucket.submitRemove(VolumePolicy.DELETE), REMOVE_WAIT, state -> Json.object()
                .put("message", "Bucket service " + state.id() + " removed successfully"));
    }
}
