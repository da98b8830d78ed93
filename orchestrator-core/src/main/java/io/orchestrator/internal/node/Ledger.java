package io.orchestrator.internal.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.orchestrator.container.ResourceLimits;
import io.orchestrator.internal.json.Json;
import io.orchestrator.node.NodeId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import java.util.function.UnaryOperator;

/**
 * What is reserved on a node: one record, changed in the same commit as the container's, so that concurrent launches
 * can neither overcommit the node nor launch onto one that is being removed.
 *
 * @param containers how many containers hold a reservation
 * @param cpuMillis processors reserved, in thousandths
 * @param memoryMib memory reserved
 */
public record Ledger(int containers, long cpuMillis, long memoryMib) {
    public static final String KIND = "ledger";

    public static RecordKey key(NodeId node) {
        return new RecordKey(KIND, node.value());
    }

    /** The record of an empty ledger, never stored. */
    static ResourceRecord fresh(NodeId node) {
        return new Ledger(0, 0, 0)
                .write(ResourceRecord.builder(key(node)).node(node.value()).build());
    }

    public static Ledger read(ResourceRecord record) {
        return Json.decode(
                record,
                body -> new Ledger(
                        body.path("containers").asInt(),
                        body.path("cpuMillis").asLong(),
                        body.path("memoryMib").asLong()));
    }

    /**
     * The change that reserves; throws if the memory no longer fits.
     *
     * @param memoryLimitMib the node's memory, 0 if unknown
     */
    public static UnaryOperator<ResourceRecord> reserve(ResourceLimits limits, long memoryLimitMib) {
        return record -> {
            Ledger ledger = read(record);
            if (memoryLimitMib > 0 && ledger.memoryMib + limits.memoryMib() > memoryLimitMib) {
                throw new NoRoomException(record.key().id());
            }
            return ledger.plus(1, limits).write(record);
        };
    }

    /** The change that gives a reservation back. */
    public static UnaryOperator<ResourceRecord> release(ResourceLimits limits) {
        return record -> read(record).plus(-1, limits).write(record);
    }

    private Ledger plus(int sign, ResourceLimits limits) {
        return new Ledger(
                containers + sign, cpuMillis + sign * limits.cpuMillis(), memoryMib + sign * limits.memoryMib());
    }

    private ResourceRecord write(ResourceRecord record) {
        ObjectNode body = Json.object();
        body.put("containers", containers);
        body.put("cpuMillis", cpuMillis);
        body.put("memoryMib", memoryMib);
        return record.toBuilder().body(Json.write(body)).build();
    }

    /** Another launch took the room between the choice and the commit; the launcher chooses again. */
    public static final class NoRoomException extends OrchestratorException {
        private static final long serialVersionUID = 1L;

        NoRoomException(String node) {
            super(io.orchestrator.operation.ErrorCode.NO_NODE, "node '" + node + "' has no room left");
        }
    }
}
