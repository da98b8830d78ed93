package io.orchestrator.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How much of the machine processes that have no part in the benchmark used while it was measured. Not thread-safe.
 *
 * <p>Counted are all processes but this one, the engine, their descendants and the kernel's own threads, whose work is
 * mostly the engine's; and what the hypervisor took. Containers of other programs on the same engine count as the engine.
 */
final class OtherLoad {
    private static final double LIMIT = 0.15;
    private final String socket;
    private ProcessTimes last = ProcessTimes.now();
    private long total;
    private long own;
    private long engine;
    private long others;
    private long busy;

    OtherLoad(String socket) {
        this.socket = socket;
    }

    /** Forgets what was used since the last call of either method. */
    void skip() {
        last = ProcessTimes.now();
    }

    /** Adds what was used since the last call of either method: call it often, so that few short processes are missed. */
    void count() {
        ProcessTimes now = ProcessTimes.now();
        Set<Long> mine = now.trees(List.of(ProcessHandle.current().pid()));
        Set<Long> engines = new HashSet<>(now.trees(now.engine(socket)));
        engines.removeAll(mine);
        Map<Long, Long> used = now.usedSince(last);
        long bySelf = sum(used, mine::contains);
        long byEngine = sum(used, engines::contains);
        long byOthers = sum(used, id -> !mine.contains(id) && !engines.contains(id) && !now.kernel(id));
        long inUse = now.total() - last.total() - (now.idle() - last.idle());
        own += bySelf;
        engine += byEngine;
        // never more than there was: a child that ended can be counted twice if it changed its parent
        others += Math.min(byOthers + now.stolen() - last.stolen(), Math.max(0, inUse - bySelf));
        total += now.total() - last.total();
        busy += inUse;
        last = now;
    }

    private static long sum(Map<Long, Long> used, Predicate<Long> counted) {
        return used.entrySet().stream()
                .filter(process -> counted.test(process.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Whether little enough was used by others for the figures to mean something. */
    boolean acceptable() {
        return others <= LIMIT * total;
    }

    void print() {
        System.out.printf(
                Locale.ROOT,
                "CPU of the machine while measuring: this process %.1f %%, engine %.1f %%, others %.1f %%, kernel and not"
                        + " attributed %.1f %%%n",
                percent(own),
                percent(engine),
                percent(others),
                percent(Math.max(0, busy - own - engine - others)));
        if (!acceptable()) {
            System.out.println("VOID: others used more than 15 %; run it again on a quiet machine");
        }
    }

    private double percent(long ticks) {
        return total == 0 ? 0 : 100.0 * ticks / total;
    }
}
