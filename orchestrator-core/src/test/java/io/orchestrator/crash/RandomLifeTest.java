package io.orchestrator.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Many random histories, each decided by its seed. {@code -Dorchestrator.seed=N -Dorchestrator.seeds=COUNT} lives others. */
class RandomLifeTest {
    private static final int WISHES = 50;

    @Test
    void live_everySeed_keepsEveryInvariant() {
        long first = Long.getLong("orchestrator.seed", 1);
        long seeds = Long.getLong("orchestrator.seeds", 20);
        Map<String, Integer> faults = new TreeMap<>();

        LongStream.range(first, first + seeds)
                .parallel()
                .mapToObj(seed -> RandomLife.live(seed, WISHES))
                .forEachOrdered(summary -> {
                    faults.merge("crashes", summary.crashes(), Integer::sum);
                    summary.faults().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
                });

        assertThat(faults).containsKey("crashes");
        System.out.println("random lives: " + faults);
    }

    @Test
    void live_sameSeed_givesTheSameHistory() {
        RandomLife.Summary first = RandomLife.live(4_711, WISHES);
        RandomLife.Summary second = RandomLife.live(4_711, WISHES);

        assertThat(second).isEqualTo(first);
    }
}
