package io.orchestrator.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import org.junit.jupiter.api.Test;

/** What a specification's texts may hold in sum. */
final class SpecLimitsTest {
    private static final String EIGHTH = "x".repeat(SpecLimits.MAX_TEXT_BYTES);

    @Test
    void build_textsOfAMebibyte_areTaken() {
        ContainerSpec spec = ContainerSpec.builder("busybox:1")
                .entrypoint(EIGHTH, EIGHTH)
                .command(EIGHTH, EIGHTH, EIGHTH)
                .env("A", EIGHTH)
                .env("B", EIGHTH)
                .label("tier", "front")
                .env("REST", "x".repeat(SpecLimits.MAX_TEXT_BYTES - "ABtierfrontREST".length()))
                .build();

        assertThat(spec.command()).hasSize(3);
        assertThat(ExecSpec.of(EIGHTH, EIGHTH, EIGHTH, EIGHTH, EIGHTH, EIGHTH, EIGHTH, EIGHTH)
                        .command())
                .hasSize(8);
    }

    @Test
    void build_textsLongerInSum_areRefused() {
        assertThatThrownBy(() -> ContainerSpec.builder("busybox:1")
                        .entrypoint(EIGHTH, EIGHTH)
                        .command(EIGHTH, EIGHTH, EIGHTH)
                        .env("A", EIGHTH)
                        .env("B", EIGHTH)
                        .label("tier", "front")
                        .env("REST", "x".repeat(SpecLimits.MAX_TEXT_BYTES + 1 - "ABtierfrontREST".length()))
                        .build())
                .satisfies(SpecLimitsTest::isTooLong);
    }

    @Test
    void build_charactersOfTwoBytes_countTwice() {
        String sixteenth = "\u00fc".repeat(SpecLimits.MAX_TEXT_BYTES / 2);

        assertThatThrownBy(() -> ExecSpec.builder(
                                sixteenth, sixteenth, sixteenth, sixteenth, sixteenth, sixteenth, sixteenth)
                        .env("SIZE", sixteenth)
                        .build())
                .satisfies(SpecLimitsTest::isTooLong);
    }

    private static void isTooLong(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(OrchestratorException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("bytes together, more than 1048576");
    }
}
