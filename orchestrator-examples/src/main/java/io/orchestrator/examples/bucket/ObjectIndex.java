package io.orchestrator.examples.bucket;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The names in the bucket, sorted by UTF-16 code unit, within a budget of heap. Reading is safe from any thread; the store
 * changes it under its lock only.
 */
final class ObjectIndex {
    /** One page of a listing; {@code more} says that names follow the last one. */
    record Page(List<StoredObject> objects, boolean more) {}

    private final ConcurrentNavigableMap<String, StoredObject> objects = new ConcurrentSkipListMap<>();
    private final long maxBytes;
    private long bytes;

    ObjectIndex(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Nullable
    StoredObject find(String name) {
        return objects.get(name);
    }

    boolean hasRoomFor(StoredObject object) {
        return objects.containsKey(object.name()) || bytes + object.footprint() <= maxBytes;
    }

    /** Puts the object and gives the size of the version it replaces, 0 if there was none. */
    long put(StoredObject object) {
        StoredObject old = objects.put(object.name(), object);
        if (old == null) {
            bytes += object.footprint();
        }
        return old == null ? 0 : old.size();
    }

    /** Removes the name and gives the size of its object, 0 if there was none. */
    long remove(String name) {
        StoredObject old = objects.remove(name);
        if (old == null) {
            return 0;
        }
        bytes -= old.footprint();
        return old.size();
    }

    int count() {
        return objects.size();
    }

    Page page(String prefix, String after, int limit) {
        var tail =
                after.compareTo(prefix) >= 0 ? objects.tailMap(after, after.isEmpty()) : objects.tailMap(prefix, true);
        var page = new ArrayList<StoredObject>();
        for (StoredObject object : tail.values()) {
            if (!object.name().startsWith(prefix)) {
                break;
            }
            if (page.size() == limit) {
                return new Page(page, true);
            }
            page.add(object);
        }
        return new Page(page, false);
    }
}
