package io.orchestrator.spi;

/**
 * A journal entry as read.
 *
 * @param position from 1, growing in commit order
 * @param entry what was written
 */
public record JournalEntry(long position, JournalDraft entry) {}
