package io.orchestrator.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.Orchestrator;
import io.orchestrator.container.ContainerLauncher;
import io.orchestrator.container.ContainerQuery;
import io.orchestrator.container.ContainerSpec;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.Operation;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.Page;
import io.orchestrator.service.Service;
import io.orchestrator.service.ServiceId;
import io.orchestrator.service.ServiceLaunchers;
import io.orchestrator.service.ServiceSpec;
import io.orchestrator.service.ServiceState;
import io.orchestrator.testing.FakeCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeftoversTest {
    @Test
    void remove_bucketsThatCannotBeRemoved_stillRemovesTheContainerAndSaysWhatIsLeft() {
        try (FakeCluster cluster = FakeCluster.of(1);
                Orchestrator orchestrator = Orchestrator.builder("leftovers")
                        .transport(cluster.transport())
                        .build()) {
            cluster.specs().forEach(orchestrator.nodes()::register);
            ContainerLauncher containers = orchestrator.containers();
            containers.launch(ContainerSpec.builder("busybox:1").build());
            List<String> told = new ArrayList<>();

            boolean all = Leftovers.remove(new NoServices(), containers, told::add);

            assertThat(all).isFalse();
            assertThat(containers.list(ContainerQuery.all()).items()).isEmpty();
            assertThat(told).singleElement().asString().contains("bucket", "the node is slow");
        }
    }

    @Test
    void remove_everything_isAllThereIs() {
        try (FakeCluster cluster = FakeCluster.of(1);
                Orchestrator orchestrator = Orchestrator.builder("leftovers")
                        .transport(cluster.transport())
                        .build()) {
            cluster.specs().forEach(orchestrator.nodes()::register);
            orchestrator.containers().launch(ContainerSpec.builder("busybox:1").build());
            List<String> told = new ArrayList<>();

            boolean all = Leftovers.remove(ServiceLaunchers.create(orchestrator), orchestrator.containers(), told::add);

            assertThat(told).isEmpty();
            assertThat(all).isTrue();
            assertThat(orchestrator.containers().list(ContainerQuery.all()).items())
                    .isEmpty();
        }
    }

    /** Services whose store or node does not answer in time. */
    private static final class NoServices implements ServiceLaunchers {
        @Override
        public <S extends Service> Operation<S> submit(ServiceSpec<S> spec) {
            throw slow();
        }

        @Override
        public Optional<Service> find(ServiceId id) {
            throw slow();
        }

        @Override
        public <S extends Service> Optional<S> find(ServiceId id, Class<S> type) {
            throw slow();
        }

        @Override
        public Page<ServiceState> list(String kind, @Nullable String cursor, int limit) {
            throw slow();
        }

        @Override
        public ServiceLaunchers ownedBy(String owner) {
            return this;
        }

        private static OrchestratorException slow() {
            return new OrchestratorException(ErrorCode.DEADLINE_EXCEEDED, "the node is slow");
        }
    }
}
