package io.orchestrator.store.memory;

import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import java.util.ArrayList;
import java.util.List;

/** The latest entries, in order; used under the store's lock. */
final class MemoryJournal {
    private final int retained;
    private final List<JournalEntry> entries = new ArrayList<>();
    private long last;

    MemoryJournal(int retained) {
        this.retained = retained;
    }

    void append(JournalDraft draft) {
        last++;
        entries.add(new JournalEntry(last, draft));
        // dropping half at a time keeps appending cheap
        if (entries.size() >= 2 * retained) {
            entries.subList(0, entries.size() - retained).clear();
        }
    }

    List<JournalEntry> after(long position, int limit) {
        long from = Math.max(position, last - Math.min(retained, entries.size()));
        if (from >= last) {
            return List.of();
        }
        int index = (int) (entries.size() - (last - from));
        return List.copyOf(entries.subList(index, Math.min(entries.size(), index + limit)));
    }
}
