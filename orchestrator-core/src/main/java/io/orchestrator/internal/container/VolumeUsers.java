package io.orchestrator.internal.container;

import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.spi.Store;
import java.util.Optional;

/** Finds out from the records who else may have data in a volume. */
final class VolumeUsers {
    private final Store store;

    VolumeUsers(Store store) {
        this.store = store;
    }

    /**
     * Whether another container of the same owner is or was on the node with this volume. One that was removed counts,
     * because its owner may have left the volume there on purpose; one whose launch was given up does not.
     */
    boolean otherThan(StoredContainer container, String volume) {
        Optional<String> cursor = Optional.empty();
        do {
            Page<ResourceRecord> page = store.page(RecordQuery.of(StoredContainer.KIND)
                    .ownedBy(container.spec().owner())
                    .on(container.node().value())
                    .after(cursor));
            for (ResourceRecord record : page.items()) {
                if (!record.key().equals(container.base().key()) && uses(StoredContainer.read(record), volume)) {
                    return true;
                }
            }
            cursor = page.next();
        } while (cursor.isPresent());
        return false;
    }

    private static boolean uses(StoredContainer other, String volume) {
        return other.failure().isEmpty()
                && other.spec().volumes().stream()
                        .anyMatch(mount -> mount.volume().equals(volume));
    }
}
