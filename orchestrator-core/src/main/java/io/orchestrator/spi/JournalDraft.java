package io.orchestrator.spi;

import io.orchestrator.operation.RecordKey;
import java.time.Instant;

/**
 * A journal entry to write.
 *
 * @param at wall time, for people
 * @param record what it is about
 * @param operation the operation's id; empty if none
 * @param event what happened, such as {@code container.launch/create}; at most 256 characters
 * @param detail more for a person; holds no secret, at most 4096 characters
 */
public record JournalDraft(Instant at, RecordKey record, String operation, String event, String detail) {}
