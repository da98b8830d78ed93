package io.orchestrator.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ContainerQueryTest {
    @ParameterizedTest
    @EnumSource(names = {"UNKNOWN", "REMOVING", "REMOVED"})
    void build_statusThatIsNotObserved_isRefused(ContainerStatus status) {
        assertThatThrownBy(() -> ContainerQuery.builder().status(status).build())
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(status.name());
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "RUNNING", "STOPPED", "FAILED"})
    void build_statusThatIsObserved_isTaken(ContainerStatus status) {
        assertThat(ContainerQuery.builder().status(status).build().status()).contains(status);
    }
}
