package io.orchestrator.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The arithmetic of the budget, at given times. */
final class RetryBudgetTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RetryBudget budget = new RetryBudget();

    @Test
    void take_moreThanThreeInASecond_waitsAThirdLongerEachTime() {
        assertThat(IntStream.range(0, 6).mapToObj(i -> budget.take("n1", 0).toMillis()))
                .containsExactly(0L, 0L, 0L, 333L, 666L, 1_000L);

        assertThat(budget.take("n2", 0)).isZero();
        assertThat(budget.take("n1", 2 * SECOND)).isZero();
    }

    @Test
    void take_afterManyFirstTries_hasATenthMoreWithinTheMinute() {
        IntStream.range(0, 100).forEach(i -> budget.first("n1", 0));

        assertThat(IntStream.range(0, 12).mapToObj(i -> budget.take("n1", 0))).containsOnly(Duration.ZERO);
        assertThat(budget.take("n1", 70 * SECOND)).isZero();
        IntStream.range(0, 2).forEach(i -> budget.take("n1", 70 * SECOND));
        assertThat(budget.take("n1", 70 * SECOND)).isPositive();
    }

    @Test
    void giveBack_ofWhatIsNotNeeded_shortensTheNextWait() {
        IntStream.range(0, 4).forEach(i -> budget.take("n1", 0));

        budget.giveBack("n1", 0);

        assertThat(budget.take("n1", 0).toMillis()).isEqualTo(333);
    }
}
