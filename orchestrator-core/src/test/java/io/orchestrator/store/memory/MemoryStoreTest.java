package io.orchestrator.store.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.kit.StoreContract;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.RecordKey;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.JournalDraft;
import io.orchestrator.spi.JournalEntry;
import io.orchestrator.spi.Store;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryStoreTest extends StoreContract {
    @Override
    protected Store create() {
        return MemoryStore.create();
    }

    @Test
    void journal_moreThanRetained_keepsTheLatest() {
        try (Store store = MemoryStore.create(64)) {
            for (int i = 1; i <= 1000; i++) {
                JournalDraft draft = new JournalDraft(Instant.EPOCH, new RecordKey("node", "a"), "", "e" + i, "");
                store.commit(new Commit(List.of(), List.of(draft)));

                List<JournalEntry> kept = store.journal(0, 1000);
                assertThat(kept).hasSize(Math.min(i, 64));
                assertThat(kept.get(kept.size() - 1).position()).isEqualTo(i);
                assertThat(kept.get(0).entry().event())
                        .isEqualTo("e" + kept.get(0).position());
            }
            assertThat(store.journal(990, 3)).extracting(JournalEntry::position).containsExactly(991L, 992L, 993L);
        }
    }

    @Test
    void create_retentionOutsideItsRange_isRefused() {
        assertThatThrownBy(() -> MemoryStore.create(63)).isInstanceOf(OrchestratorException.class);
        assertThatThrownBy(() -> MemoryStore.create(10_000_001)).isInstanceOf(OrchestratorException.class);
    }
}
