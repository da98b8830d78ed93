package io.orchestrator.store.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OperationId;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.PendingOperation;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record as a row. Labels and unique keys are in it as JSON too, so that one row is a whole record. */
final class RecordRow {
    /** What {@link #read} expects of a table called {@code r}, in this order. */
    static final String COLUMNS = "r.kind, r.id, r.version, r.owner, r.node, r.desired, r.observed, r.generation,"
            + " r.pending_id, r.pending_type, r.pending_step, r.pending_epoch, r.failure_code, r.failure_message,"
            + " r.labels, r.unique_keys, r.body";

    /**
     * Takes what {@link #bindValues} binds. Not written with {@code VALUES}: PostgreSQL's driver, told to rewrite batches,
     * would make one statement of several rows, and no longer tell which of them was in conflict.
     */
    static final String INSERT = "INSERT INTO orchestrator_record (owner, node, desired, observed, generation,"
            + " pending_id, pending_type, pending_step, pending_epoch, failure_code, failure_message,"
            + " labels, unique_keys, body, kind, id, version)"
            + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1 WHERE true ON CONFLICT DO NOTHING";

    /** Takes what {@link #bindValues} binds, and the version that was read. */
    static final String UPDATE = "UPDATE orchestrator_record SET owner = ?, node = ?, desired = ?, observed = ?,"
            + " generation = ?, pending_id = ?, pending_type = ?, pending_step = ?, pending_epoch = ?,"
            + " failure_code = ?, failure_message = ?, labels = ?, unique_keys = ?, body = ?,"
            + " version = version + 1 WHERE kind = ? AND id = ? AND version = ?";

    private final ObjectMapper json = new ObjectMapper();

    /** Binds all but the version; returns the index of the next parameter. */
    int bindValues(PreparedStatement statement, ResourceRecord record) throws SQLException {
        Optional<PendingOperation> pending = record.pending();
        Optional<PendingOperation.Failure> failure = pending.flatMap(PendingOperation::failure);
        statement.setString(1, record.owner());
        statement.setString(2, record.node());
        statement.setString(3, record.desired());
        statement.setString(4, record.observed());
        statement.setLong(5, record.generation());
        statement.setString(6, pending.map(operation -> operation.id().value()).orElse(null));
        statement.setString(7, pending.map(PendingOperation::type).orElse(null));
        statement.setString(8, pending.map(PendingOperation::step).orElse(null));
        statement.setObject(9, pending.map(PendingOperation::epoch).orElse(null), Types.BIGINT);
        statement.setString(10, failure.map(reason -> reason.code().name()).orElse(null));
        statement.setString(11, failure.map(PendingOperation.Failure::message).orElse(null));
        statement.setString(12, write(record.labels()));
        statement.setString(13, write(record.uniqueKeys()));
        statement.setString(14, record.body());
        statement.setString(15, record.key().kind());
        statement.setString(16, record.key().id());
        return 17;
    }

    /**
     * Reads the row that the result set is at.
     *
     * @throws CorruptRecordException if it is none that this version can have written
     */
    ResourceRecord read(ResultSet row) throws SQLException {
        String kind = row.getString(1);
        String id = row.getString(2);
        ResourceRecord.Builder record = ResourceRecord.builder(keyOf(kind, id))
                .version(row.getLong(3))
                .owner(row.getString(4))
                .node(row.getString(5))
                .desired(row.getString(6))
                .observed(row.getString(7))
                .generation(row.getLong(8))
                .pending(pending(row, kind, id))
                .body(row.getString(17));
        labels(kind, id, row.getString(15)).forEach(record::label);
        uniqueKeys(kind, id, row.getString(16)).forEach(record::uniqueKey);
        return record.build();
    }

    Map<String, String> labels(String kind, String id, String text) {
        return parse(text, new TypeReference<Map<String, String>>() {}, kind, id, "list of labels");
    }

    Set<String> uniqueKeys(String kind, String id, String text) {
        return parse(text, new TypeReference<Set<String>>() {}, kind, id, "list of unique keys");
    }

    private static RecordKey keyOf(String kind, String id) {
        try {
            return new RecordKey(kind, id);
        } catch (OrchestratorException outsideItsLimits) {
            throw new CorruptRecordException(kind, id, "key");
        }
    }

    private static @Nullable PendingOperation pending(ResultSet row, String kind, String id) throws SQLException {
        String operation = row.getString(9);
        if (operation == null) {
            return null;
        }
        String type = row.getString(10);
        String step = row.getString(11);
        if (type == null || step == null) {
            throw new CorruptRecordException(kind, id, "pending operation");
        }
        return new PendingOperation(new OperationId(operation), type, step, row.getLong(12), failure(row, kind, id));
    }

    private static Optional<PendingOperation.Failure> failure(ResultSet row, String kind, String id)
            throws SQLException {
        String code = row.getString(13);
        String message = row.getString(14);
        if (code == null || message == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PendingOperation.Failure(ErrorCode.valueOf(code), message));
        } catch (IllegalArgumentException unknown) {
            throw new CorruptRecordException(kind, id, "failure code");
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new OrchestratorException(ErrorCode.INTERNAL, "texts cannot be written as JSON");
        }
    }

    private <T> T parse(String text, TypeReference<T> type, String kind, String id, String what) {
        try {
            T value = json.readValue(text, type);
            if (value != null) {
                return value;
            }
        } catch (JsonProcessingException damaged) {
            // the parser's own message would quote what the record holds
        }
        throw new CorruptRecordException(kind, id, what);
    }
}
