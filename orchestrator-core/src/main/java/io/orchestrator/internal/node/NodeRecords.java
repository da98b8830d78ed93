package io.orchestrator.internal.node;

import io.orchestrator.node.NodeId;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.HostRuntime;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.Store;
import java.util.List;
import java.util.Optional;

/** The nodes' records in the store. */
record NodeRecords(Store store, HostRuntime runtime) {
    Optional<ResourceRecord> find(NodeId id) {
        return store.find(NodeCodec.key(id.value()));
    }

    Optional<ResourceRecord> ledger(NodeId id) {
        return store.find(Ledger.key(id));
    }

    /** Writes with one journal entry; false if somebody else wrote one of the records since it was read. */
    boolean commit(List<Commit.Change> changes, NodeId id, String event) {
        JournalDraft entry = new JournalDraft(runtime.now(), NodeCodec.key(id.value()), "", event, "");
        return store.commit(new Commit(changes, List.of(entry))).kind() == CommitResult.Kind.COMMITTED;
    }
}
