package io.orchestrator.store.memory;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.RecordQuery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Records by kind and, within a kind, in the order of their ids; used under the store's lock. */
final class MemoryRecords {
    private final Map<String, NavigableMap<String, ResourceRecord>> kinds = new HashMap<>();

    Optional<ResourceRecord> find(RecordKey key) {
        return Optional.ofNullable(ofKind(key.kind()).get(key.id()));
    }

    void put(ResourceRecord record) {
        kinds.computeIfAbsent(record.key().kind(), kind -> new TreeMap<>(MemoryRecords::byCodePoint))
                .put(record.key().id(), record);
    }

    void remove(RecordKey key) {
        ofKind(key.kind()).remove(key.id());
    }

    Page<ResourceRecord> page(RecordQuery query) {
        NavigableMap<String, ResourceRecord> all = ofKind(query.kind());
        Collection<ResourceRecord> rest = query.after()
                .map(cursor -> all.tailMap(cursor, false))
                .orElse(all)
                .values();
        List<ResourceRecord> found = new ArrayList<>();
        for (ResourceRecord record : rest) {
            if (!matches(query, record)) {
                continue;
            }
            if (found.size() == query.limit()) {
                return new Page<>(
                        found, Optional.of(found.get(found.size() - 1).key().id()));
            }
            found.add(record);
        }
        return new Page<>(found, Optional.empty());
    }

    private NavigableMap<String, ResourceRecord> ofKind(String kind) {
        NavigableMap<String, ResourceRecord> found = kinds.get(kind);
        return found == null ? new TreeMap<>() : found;
    }

    private static boolean matches(RecordQuery query, ResourceRecord record) {
        return query.owner().map(record.owner()::equals).orElse(true)
                && query.node().map(record.node()::equals).orElse(true)
                && query.observed().map(record.observed()::equals).orElse(true)
                && !query.notObserved().map(record.observed()::equals).orElse(false)
                && (!query.pendingOnly() || record.pending().isPresent())
                && record.labels().entrySet().containsAll(query.labels().entrySet());
    }

    /** The order of UTF-8 bytes, which databases use; String's own differs where surrogate pairs meet U+E000 and above. */
    private static int byCodePoint(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b)
                        ? Character.compare(a, b)
                        : above(a) - above(b);
            }
        }
        return left.length() - right.length();
    }

    private static int above(char c) {
        return Character.isSurrogate(c) ? Character.MAX_VALUE + 1 : c;
    }
}
