package io.orchestrator.internal.container;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ContainerId;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.container.ContainerState;
import io.orchestrator.container.ContainerStatus;
import io.orchestrator.container.Desired;
import io.orchestrator.container.Protocol;
import io.orchestrator.container.PublishedPort;
import io.orchestrator.internal.json.Json;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A container's record with its body parsed. Immutable: each change makes the next one, {@link #record} gives it back to the store. */
final class StoredContainer {
    static final String KIND = "container";
    /** Prefixes of the unique keys that a container may hold. */
    static final String NAME_PREFIX = "name:";

    static final String KEY_PREFIX = "idem:";
    static final String PORT_PREFIX = "port:";

    private final ResourceRecord base;
    private final ObjectNode body;
    private final ContainerSpec spec;

    private StoredContainer(ResourceRecord base, ObjectNode body, ContainerSpec spec) {
        this.base = base;
        this.body = body;
        this.spec = spec;
    }

    static RecordKey key(ContainerId id) {
        return new RecordKey(KIND, id.value());
    }

    static StoredContainer read(ResourceRecord record) {
        JsonNode body = Json.read(record.key().toString(), record.body());
        return new StoredContainer(record, (ObjectNode) body, SpecCodec.read(body.path("spec")));
    }

    /** A container that was placed and not yet stored. */
    static StoredContainer fresh(ResourceRecord base, ContainerSpec spec, String requestHash, Instant createdAt) {
        ObjectNode body = Json.object();
        body.set("spec", SpecCodec.write(spec));
        body.put("requestHash", requestHash);
        body.put("createdAt", createdAt.toString());
        body.put("attempt", 1);
        return new StoredContainer(base, body, spec);
    }

    /** The record to store. */
    ResourceRecord record() {
        return base.toBuilder().body(Json.write(body)).build();
    }

    ResourceRecord base() {
        return base;
    }

    ContainerId id() {
        return ContainerId.of(base.key().id());
    }

    NodeId node() {
        return NodeId.of(base.node());
    }

    ContainerSpec spec() {
        return spec;
    }

    Desired desired() {
        return Desired.valueOf(base.desired());
    }

    boolean removed() {
        return base.observed().equals(ContainerStatus.REMOVED.name());
    }

    /** A hash of what was asked, to recognise another request under the same idempotency key. */
    String requestHash() {
        return body.path("requestHash").asText();
    }

    /** The engine's id; empty before the engine made it and after it vanished. */
    Optional<String> engineId() {
        return Json.text(body, "engineId");
    }

    /** Counts the creations, from 1; it is in the engine's labels. */
    int attempt() {
        return body.path("attempt").asInt();
    }

    /** Whether its image was pulled in this generation. */
    boolean pulled() {
        return body.path("pulled").asBoolean();
    }

    /** How often its restart policy started it in a row. */
    long restarts() {
        return body.path("restarts").asLong();
    }

    /** The volumes that its launch made, until it ran: then they are its owner's. */
    SortedSet<String> madeVolumes() {
        return new TreeSet<>(Json.texts(body, "madeVolumes"));
    }

    /** Why its launch was given up; empty unless it was. */
    Optional<ErrorCode> failure() {
        return Json.text(body, "failure").map(ErrorCode::valueOf);
    }

    List<PublishedPort> ports() {
        List<PublishedPort> ports = new ArrayList<>();
        for (JsonNode port : body.path("ports")) {
            ports.add(new PublishedPort(
                    port.path("containerPort").asInt(),
                    Protocol.valueOf(port.path("protocol").asText()),
                    port.path("hostAddress").asText(),
                    port.path("hostPort").asInt()));
        }
        return ports;
    }

    StoredContainer observed(ContainerStatus status) {
        return new StoredContainer(base.toBuilder().observed(status.name()).build(), body, spec);
    }

    StoredContainer desired(Desired desired) {
        return new StoredContainer(base.toBuilder().desired(desired.name()).build(), body, spec);
    }

    /** Begins its next life: what was observed of the last one is forgotten. */
    StoredContainer nextGeneration() {
        return new StoredContainer(
                        base.toBuilder().generation(base.generation() + 1).build(), body, spec)
                .edit(next -> next.put("pulled", false))
                .ended(OptionalInt.empty(), "");
    }

    StoredContainer engineId(String value) {
        return edit(next -> next.put("engineId", value));
    }

    /** About to be created once more: another attempt, no engine id. */
    StoredContainer nextAttempt() {
        return edit(next -> {
            next.put("attempt", attempt() + 1);
            next.remove("engineId");
        });
    }

    StoredContainer markPulled() {
        return edit(next -> next.put("pulled", true));
    }

    StoredContainer restarts(long count) {
        return edit(next -> {
            next.remove("restarts");
            if (count > 0) {
                next.put("restarts", count);
            }
        });
    }

    StoredContainer madeVolume(String volume) {
        SortedSet<String> more = madeVolumes();
        more.add(volume);
        return edit(next -> Json.put(next, "madeVolumes", more));
    }

    /** From now on its volumes are not taken back: it ran and may have written into them, or they were taken back. */
    StoredContainer keepVolumes() {
        return edit(next -> next.remove("madeVolumes"));
    }

    StoredContainer ended(OptionalInt exitCode, String reason) {
        return edit(next -> {
            next.remove("exitCode");
            exitCode.ifPresent(code -> next.put("exitCode", code));
            next.put("reason", reason);
        });
    }

    StoredContainer failed(ErrorCode code, String reason) {
        return edit(next -> {
            next.put("failure", code.name());
            next.put("reason", reason);
            next.remove(List.of("engineId", "ports"));
        });
    }

    /** Publishes on these host ports, whose unique keys replace those of the ports before. */
    StoredContainer ports(List<PublishedPort> ports) {
        ResourceRecord.Builder holder = base.toBuilder().releaseKeys(PORT_PREFIX);
        ports.forEach(port -> holder.uniqueKey(portKey(node(), port.protocol(), port.hostPort())));
        return new StoredContainer(holder.build(), body, spec).edit(next -> {
            ArrayNode array = next.putArray("ports");
            for (PublishedPort port : ports) {
                array.addObject()
                        .put("containerPort", port.containerPort())
                        .put("protocol", port.protocol().name())
                        .put("hostAddress", port.hostAddress())
                        .put("hostPort", port.hostPort());
            }
        });
    }

    /** Gives back every unique key; an idempotency key may be kept, so that its result is remembered. */
    StoredContainer releaseKeys(boolean keepIdempotencyKey) {
        ResourceRecord.Builder released =
                base.toBuilder().releaseKeys(NAME_PREFIX).releaseKeys(PORT_PREFIX);
        if (!keepIdempotencyKey) {
            released.releaseKeys(KEY_PREFIX);
        }
        return new StoredContainer(released.build(), body, spec);
    }

    static String portKey(NodeId node, Protocol protocol, int hostPort) {
        return PORT_PREFIX + node + "/" + protocol.wireName() + "/" + hostPort;
    }

    /** Throws the reason if the launch was given up. */
    StoredContainer requireLaunched() {
        failure().ifPresent(code -> {
            throw new OrchestratorException(code, body.path("reason").asText());
        });
        return this;
    }

    /** What a caller sees; an unreachable node makes what was observed unknown. */
    ContainerState state(boolean nodeReachable) {
        ContainerStatus status = ContainerStatus.valueOf(base.observed());
        if (!nodeReachable && status == ContainerStatus.RUNNING) {
            status = ContainerStatus.UNKNOWN;
        }
        if (status != ContainerStatus.REMOVED && desired() == Desired.REMOVED) {
            status = ContainerStatus.REMOVING;
        }
        JsonNode exitCode = body.path("exitCode");
        return new ContainerState(
                id(),
                spec,
                node(),
                desired(),
                status,
                base.generation(),
                restarts(),
                ports(),
                Instant.parse(body.path("createdAt").asText()),
                engineId(),
                exitCode.isInt() ? OptionalInt.of(exitCode.asInt()) : OptionalInt.empty(),
                body.path("reason").asText(),
                failure(),
                base.pending().map(PendingOperation::id));
    }

    private StoredContainer edit(Consumer<ObjectNode> change) {
        ObjectNode copy = body.deepCopy();
        change.accept(copy);
        return new StoredContainer(base, copy, spec);
    }
}
