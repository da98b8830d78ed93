package io.orchestrator.operation;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Submits operations and drives them to their end.
 *
 * <p>Thread-safe. One driver runs the steps of every kind of record; a module adds a kind by defining its types.
 */
public interface Operations {
    /** Makes a type known. A pending operation of an unknown type is left alone until its type is defined. */
    void define(OperationType<?> type);

    /** Takes up every pending operation of the kind from the store, as after a restart; does not wait for their end. */
    void resume(String kind);

    /**
     * Commits a new record together with its first operation, then drives it.
     *
     * @param fresh the new record; its version is 0 and its pending operation is filled in here
     * @param companions other records to change in the same commit; a change that throws ends the submit with nothing stored
     * @throws UniqueKeyException when another record holds one of the record's unique keys
     */
    <T> Operation<T> create(
            OperationType<T> type, ResourceRecord fresh, Map<RecordKey, UnaryOperator<ResourceRecord>> companions);

    /**
     * Commits a change of an existing record's desire, then drives it.
     *
     * @param desire applied to the latest version, again after each lost race; no side effects
     * @param preempts which pending operation may be replaced; its running step ends first, then this operation begins
     * @throws OrchestratorException {@link ErrorCode#BUSY} with the id of a pending operation that may not be replaced;
     *     {@link ErrorCode#NOT_FOUND} for an unknown key
     */
    <T> Operation<T> change(
            OperationType<T> type,
            RecordKey key,
            UnaryOperator<ResourceRecord> desire,
            Predicate<PendingOperation> preempts);

    /**
     * A handle on the record's pending operation if it is of this type; otherwise one that has already ended with the
     * type's result for the record as it stands.
     */
    <T> Operation<T> attach(OperationType<T> type, ResourceRecord record);

    /** The operation with that id while this process drives it; empty before, after and elsewhere. */
    Optional<Operation<?>> find(OperationId id);
}
