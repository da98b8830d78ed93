package io.orchestrator.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.function.Consumer;

/** What a test expects of a failure. */
public final class Failing {
    private Failing() {}

    /** That it is the library's, with this code. */
    public static Consumer<Throwable> code(ErrorCode code) {
        return thrown -> assertThat(thrown)
                .isInstanceOfSatisfying(OrchestratorException.class, failure -> assertThat(failure.code())
                        .isEqualTo(code));
    }
}
