package io.orchestrator.internal.json;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leaves out of listings what cannot be read, as a record of another version, with one warning for each. Thread-safe. */
public final class ReadableRecords {
    private static final Logger LOG = LoggerFactory.getLogger(ReadableRecords.class);
    private static final int MAX_WARNINGS = 1_000;

    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /** Reads each record of the page by the codec; the cursor stays. */
    public <T> Page<T> page(Page<ResourceRecord> page, Function<ResourceRecord, T> codec) {
        List<T> items = new ArrayList<>();
        for (ResourceRecord record : page.items()) {
            try {
                items.add(codec.apply(record));
            } catch (RuntimeException unreadable) {
                warn(record, unreadable);
            }
        }
        return new Page<>(items, page.next());
    }

    private void warn(ResourceRecord record, RuntimeException unreadable) {
        String key = record.key().toString();
        if (warned.size() < MAX_WARNINGS && warned.add(key)) {
            LOG.warn("{} is left out of listings: {}", key, unreadable.getMessage());
        }
    }
}
