package io.orchestrator.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.orchestrator.benchmarks.ProcessTimes.Entry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessTimesTest {
    private static final long SHELL = 10;
    private static final long SCRIPT = 11;
    private static final long COMPILER = 12;

    @Test
    void usedSince_processAndItsParentEnded_countsOnlyWhatIsNew() {
        ProcessTimes before =
                times(Map.of(SHELL, entry(1, 5, 100), SCRIPT, entry(SHELL, 2, 30), COMPILER, entry(SCRIPT, 6_000, 0)));
        // the compiler used 40 more, the script 1 more; both were waited for
        ProcessTimes after = times(Map.of(SHELL, entry(1, 6, 100 + 3 + 30 + 6_040)));

        Map<Long, Long> used = after.usedSince(before);

        assertThat(used).containsExactly(Map.entry(SHELL, 42L));
    }

    @Test
    void usedSince_newProcess_countsAllOfIt() {
        ProcessTimes before = times(Map.of(SHELL, entry(1, 5, 100)));
        ProcessTimes after = times(Map.of(SHELL, entry(1, 5, 100), SCRIPT, entry(SHELL, 7, 8)));

        Map<Long, Long> used = after.usedSince(before);

        assertThat(used).containsExactly(Map.entry(SHELL, 0L), Map.entry(SCRIPT, 15L));
    }

    @Test
    void trees_grandchildren_belong() {
        ProcessTimes times = times(Map.of(
                SHELL, entry(1, 0, 0), SCRIPT, entry(SHELL, 0, 0), COMPILER, entry(SCRIPT, 0, 0), 13L, entry(1, 0, 0)));

        assertThat(times.trees(List.of(SHELL))).containsExactlyInAnyOrder(SHELL, SCRIPT, COMPILER);
    }

    @Test
    void now_thisProcess_isThere() {
        ProcessTimes now = ProcessTimes.now();

        assertThat(now.processes()).hasEntrySatisfying(ProcessHandle.current().pid(), self -> assertThat(self.self())
                .isPositive());
        assertThat(now.total()).isGreaterThan(now.idle());
    }

    private static ProcessTimes times(Map<Long, Entry> processes) {
        return new ProcessTimes(0, 0, 0, processes);
    }

    private static Entry entry(long parent, long self, long children) {
        return new Entry(parent, "x", 1, self, children);
    }
}
