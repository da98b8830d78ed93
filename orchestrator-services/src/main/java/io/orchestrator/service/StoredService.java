package io.orchestrator.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.Desired;
import io.orchestrator.container.ResourceLimits;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.security.Secret;
import io.orchestrator.service.ServiceHealth.Verdict;
import io.orchestrator.service.internal.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * A service's record with its body parsed. Immutable: each change makes the next one, {@link #record} gives it back to
 * the store.
 *
 * <p>The credentials are in the body as they are; nothing but {@link #credential} reads them.
 */
final class StoredService implements ServiceAccess {
    private static final String SPEC = "spec";
    private static final String NAME = "name";
    private static final String NODE = "node";
    private static final String IMAGE = "image";
    private static final String CREDENTIALS = "credentials";
    private static final String CONTAINER = "container";
    private static final String REASON = "reason";
    private static final String FAILURE = "failure";
    private static final String HEALTH = "health";
    private static final String RESTARTED_FROM = "restartedFrom";

    private final ResourceRecord base;
    private final ObjectNode body;

    private StoredService(ResourceRecord base, ObjectNode body) {
        this.base = base;
        this.body = body;
    }

    static RecordKey key(ServiceId id) {
        return new RecordKey(id.kind(), id.value());
    }

    static StoredService read(ResourceRecord record) {
        return Json.object(record.body().getBytes(StandardCharsets.UTF_8))
                .map(body -> new StoredService(record, body))
                .orElseThrow(() -> new OrchestratorException(
                        ErrorCode.INTERNAL, "the stored body of " + record.key() + " is not a JSON object"));
    }

    /** A service that nothing was done for yet. */
    static StoredService fresh(
            ResourceRecord base, ServiceSpec<?> spec, SortedMap<String, Secret> credentials, Instant createdAt) {
        EngineProfile profile = spec.engine().profile();
        ObjectNode body = Json.object();
        body.set(SPEC, spec(spec));
        ArrayNode images = body.putArray("images");
        profile.images().forEach(images::add);
        body.put("scheme", profile.scheme()).put("port", profile.port()).put("dataPath", profile.dataPath());
        ObjectNode secrets = body.putObject(CREDENTIALS);
        credentials.forEach((name, secret) -> secrets.put(name, secret.reveal()));
        body.put("createdAt", createdAt.toString());
        return new StoredService(base, body);
    }

    private static ObjectNode spec(ServiceSpec<?> spec) {
        ObjectNode json = Json.object().put("engine", spec.engine().profile().name());
        Json.put(json, NAME, spec.name());
        Json.put(json, NODE, spec.node().map(NodeId::value));
        json.put("cpus", spec.limits().cpus())
                .put("memoryMib", spec.limits().memoryMib())
                .put("pids", spec.limits().pids());
        return json.put("onRemove", spec.onRemove().name());
    }

    /** Whether this is what a launch with that specification makes. */
    boolean asked(ServiceSpec<?> spec) {
        // the same bytes: numbers read back from text are of other types than those that were put in
        return Json.write(body.path(SPEC)).equals(Json.write(spec(spec)));
    }

    /** The record to store. */
    ResourceRecord record() {
        return base.toBuilder().body(Json.write(body)).build();
    }

    ResourceRecord base() {
        return base;
    }

    @Override
    public ServiceId id() {
        return ServiceId.of(base.key().id());
    }

    String engine() {
        return body.path(SPEC).path("engine").asText();
    }

    Optional<String> name() {
        return Json.text(body.path(SPEC), NAME);
    }

    Optional<NodeId> node() {
        return Json.text(body.path(SPEC), NODE).map(NodeId::of);
    }

    ResourceLimits limits() {
        JsonNode spec = body.path(SPEC);
        return new ResourceLimits(
                spec.path("cpus").asDouble(),
                spec.path("memoryMib").asLong(),
                spec.path("pids").asInt());
    }

    VolumePolicy onRemove() {
        return VolumePolicy.valueOf(body.path(SPEC).path("onRemove").asText());
    }

    Instant createdAt() {
        return Instant.parse(body.path("createdAt").asText());
    }

    /** Which of the images is tried, from 0. */
    int imageIndex() {
        return body.path(IMAGE).asInt();
    }

    String image() {
        return body.path("images").path(imageIndex()).asText();
    }

    boolean hasOtherImage() {
        return imageIndex() + 1 < body.path("images").size();
    }

    String scheme() {
        return body.path("scheme").asText();
    }

    int port() {
        return body.path("port").asInt();
    }

    String dataPath() {
        return body.path("dataPath").asText();
    }

    @Override
    public Secret credential(String name) {
        return Json.text(body.path(CREDENTIALS), name)
                .map(Secret::of)
                .orElseThrow(() -> new IllegalArgumentException(base.key() + " has no credential '" + name + "'"));
    }

    /** The container that was submitted for it. */
    Optional<ContainerId> container() {
        return Json.text(body, CONTAINER).map(ContainerId::of);
    }

    String reason() {
        return body.path(REASON).asText();
    }

    /** Why its provisioning was given up; empty unless it was. */
    Optional<ErrorCode> failure() {
        return Json.text(body, FAILURE).map(ErrorCode::valueOf);
    }

    ServiceHealth health() {
        JsonNode health = body.path(HEALTH);
        return health.isMissingNode()
                ? ServiceHealth.UNCHECKED
                : new ServiceHealth(
                        Verdict.valueOf(health.path("verdict").asText()),
                        health.path(REASON).asText(),
                        Json.text(health, "checkedAt").map(Instant::parse));
    }

    /** The container's generation that a restart began with; empty before it was noted. */
    Optional<Long> restartedFrom() {
        JsonNode generation = body.path(RESTARTED_FROM);
        return generation.isNumber() ? Optional.of(generation.asLong()) : Optional.empty();
    }

    ServiceStatus observed() {
        return ServiceStatus.valueOf(base.observed());
    }

    boolean removed() {
        return observed() == ServiceStatus.REMOVED;
    }

    boolean removing() {
        return base.desired().equals(Desired.REMOVED.name());
    }

    StoredService observed(ServiceStatus status, String reason) {
        return new StoredService(base.toBuilder().observed(status.name()).build(), body)
                .edit(next -> next.put(REASON, reason));
    }

    StoredService desired(Desired desired) {
        return new StoredService(base.toBuilder().desired(desired.name()).build(), body);
    }

    StoredService container(ContainerId id, NodeId node) {
        return new StoredService(base.toBuilder().node(node.value()).build(), body)
                .edit(next -> next.put(CONTAINER, id.value()));
    }

    /** About to try the next of the images. */
    StoredService nextImage() {
        return edit(next -> next.put(IMAGE, imageIndex() + 1).remove(CONTAINER));
    }

    StoredService health(ServiceHealth health) {
        return edit(next -> {
            ObjectNode json = next.putObject(HEALTH)
                    .put("verdict", health.verdict().name())
                    .put(REASON, health.reason());
            Json.put(json, "checkedAt", health.checkedAt().map(Instant::toString));
        });
    }

    StoredService restartedFrom(long generation) {
        return edit(next -> next.put(RESTARTED_FROM, generation));
    }

    StoredService forgetRestart() {
        return edit(next -> next.remove(RESTARTED_FROM));
    }

    /** Given up for good: what opened it is forgotten, its name is free. */
    StoredService failed(ErrorCode code, String reason) {
        ResourceRecord failed = base.toBuilder()
                .releaseKeys("")
                .observed(ServiceStatus.FAILED.name())
                .build();
        return new StoredService(failed, body)
                .edit(next -> next.put(FAILURE, code.name()).put(REASON, reason).remove(CREDENTIALS));
    }

    /** What is kept of a removed service: no credential, and no key but that of its idempotent launch. */
    StoredService tombstone() {
        ResourceRecord tombstone = base.toBuilder()
                .releaseKeys(StoredServiceLaunchers.NAME_PREFIX)
                .observed(ServiceStatus.REMOVED.name())
                .build();
        return new StoredService(tombstone, body)
                .edit(next -> next.put(REASON, "removed").remove(CREDENTIALS));
    }

    private StoredService edit(Consumer<ObjectNode> change) {
        ObjectNode copy = body.deepCopy();
        change.accept(copy);
        return new StoredService(base, copy);
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
