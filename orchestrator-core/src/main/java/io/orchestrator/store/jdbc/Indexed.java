package io.orchestrator.store.jdbc;

import io.orchestrator.spi.Commit;
import java.util.Map;
import java.util.Set;

/**
 * The parts of a record that lie in tables of their own too.
 *
 * @param labels by name
 * @param uniqueKeys which no other record holds
 */
record Indexed(Map<String, String> labels, Set<String> uniqueKeys) {
    static final Indexed NOTHING = new Indexed(Map.of(), Set.of());

    /** What the change leaves. */
    static Indexed after(Commit.Change change) {
        return change.delete()
                ? NOTHING
                : new Indexed(change.record().labels(), change.record().uniqueKeys());
    }
}
