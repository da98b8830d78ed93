package io.orchestrator.examples.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ErrorsTest {
    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, 422",
        "NOT_FOUND, 404",
        "CONFLICT, 409",
        "BUSY, 409",
        "NO_NODE, 503",
        "NODE_UNREACHABLE, 503",
        "PORT_TAKEN, 409",
        "IMAGE_NOT_FOUND, 404",
        "DEADLINE_EXCEEDED, 504",
        "ENGINE_ERROR, 502",
        "INTERNAL, 500"
    })
    void status_reason_isTheDocumentedOne(ErrorCode code, int status) {
        assertThat(Errors.of(new OrchestratorException(code, "why")).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void of_everyReason_isAnErrorWithDetail(ErrorCode code) {
        Errors.Answer answer = Errors.of(new CompletionException(new OrchestratorException(code, "because of this")));

        assertThat(answer.status()).isBetween(400, 599);
        assertThat(answer.body().path("detail").textValue()).isNotBlank();
    }

    @Test
    void of_defect_tellsNothingOfTheInside() {
        for (RuntimeException defect : new RuntimeException[] {
            new IllegalStateException("/secret/path"),
            new OrchestratorException(ErrorCode.INTERNAL, "/secret/path"),
            new OrchestratorException(ErrorCode.STORE_UNAVAILABLE, "cannot open '/secret/path'")
        }) {
            assertThat(Errors.of(defect).body().toString()).doesNotContain("secret");
        }
    }

    @Test
    void of_time_isOver_saysThatTheOperationGoesOn() {
        Errors.Answer answer = Errors.of(new CompletionException(new TimeoutException()));

        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.body().path("detail").textValue()).contains("goes on");
    }
}
