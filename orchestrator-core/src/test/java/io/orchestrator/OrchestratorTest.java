package io.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.internal.runtime.ThreadRuntime;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.operation.ResourceRecord;
import io.orchestrator.spi.Commit;
import io.orchestrator.spi.CommitResult;
import io.orchestrator.spi.RecordQuery;
import io.orchestrator.store.memory.MemoryStore;
import io.orchestrator.testing.FakeCluster;
import io.orchestrator.testing.FakeNode;
import io.orchestrator.testing.FakeVerb;
import io.orchestrator.testing.RuntimeOverlay;
import io.orchestrator.testing.StoreOverlay;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What building and closing take and give back. */
final class OrchestratorTest {
    private final FakeCluster cluster = FakeCluster.of(1);
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final List<String> closed = new ArrayList<>();
    private final PlantedStore store = new PlantedStore();
    private final PlantedRuntime runtime = new PlantedRuntime();

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void build_storeIsAway_closesItAndLeavesNoMeter() {
        store.refusesCommits = true;

        assertThatThrownBy(builder()::build)
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.STORE_UNAVAILABLE));

        assertThat(closed).containsExactly("threads", "store");
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void build_storeGoesAwayWhileOpening_closesItAndLeavesNoMeter() {
        store.refusesPages = true;

        assertThatThrownBy(builder()::build).isInstanceOf(OrchestratorException.class);

        assertThat(closed).containsExactly("threads", "store");
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void build_afterAFailedOne_startsAfresh() {
        Orchestrator.Builder builder = Orchestrator.builder("test").transport(cluster.transport());
        builder.runtime(new RuntimeOverlay(new ThreadRuntime()) {
            @Override
            public Runnable schedule(java.time.Duration delay, Runnable task) {
                throw new IllegalStateException("planted: no timer");
            }
        });
        assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);

        builder.runtime(new ThreadRuntime());

        builder.build().close();
    }

    @Test
    void close_afterOperations_removesEveryMeter() {
        Orchestrator orchestrator = builder().build();
        FakeNode node = cluster.node("n1").image("busybox");
        orchestrator.nodes().register(node.spec());
        orchestrator.containers().launch(ContainerSpec.builder("busybox").build());
        while (meters.find("orchestrator.operation").timers().isEmpty()) {
            Thread.onSpinWait();
        }

        orchestrator.close();

        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void close_aPartThrows_closesTheOthers() {
        Orchestrator orchestrator = builder().build();
        runtime.failsToClose = true;

        orchestrator.close();

        assertThat(closed).containsExactly("threads", "store");
        assertThat(meters.getMeters()).isEmpty();
    }

    @Test
    void close_onAnInterruptedThreadWithAnOperationUnderWay_closesEverything() {
        Orchestrator orchestrator = builder().build();
        FakeNode node = cluster.node("n1").image("busybox");
        orchestrator.nodes().register(node.spec());
        node.hanging(true);
        orchestrator.containers().submit(ContainerSpec.builder("busybox").build());
        while (node.calls(FakeVerb.CREATE) == 0) {
            Thread.onSpinWait();
        }

        Thread.currentThread().interrupt();
        try {
            orchestrator.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(closed).containsExactly("threads", "store");
        assertThat(meters.getMeters()).isEmpty();
    }

    private Orchestrator.Builder builder() {
        return Orchestrator.builder("test")
                .store(store)
                .runtime(runtime)
                .transport(cluster.transport())
                .meterRegistry(meters);
    }

    private final class PlantedStore extends StoreOverlay {
        private boolean refusesCommits;
        private boolean refusesPages;

        PlantedStore() {
            super(MemoryStore.create());
        }

        @Override
        public CommitResult commit(Commit commit) {
            if (refusesCommits) {
                throw new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "planted: the store is away");
            }
            return super.commit(commit);
        }

        @Override
        public Page<ResourceRecord> page(RecordQuery query) {
            if (refusesPages) {
                throw new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "planted: the store is away");
            }
            return super.page(query);
        }

        @Override
        public void close() {
            closed.add("store");
            super.close();
        }
    }

    private final class PlantedRuntime extends RuntimeOverlay {
        private boolean failsToClose;

        PlantedRuntime() {
            super(new ThreadRuntime());
        }

        @Override
        public void close() {
            closed.add("threads");
            super.close();
            if (failsToClose) {
                throw new IllegalStateException("planted: cannot close");
            }
        }
    }
}
