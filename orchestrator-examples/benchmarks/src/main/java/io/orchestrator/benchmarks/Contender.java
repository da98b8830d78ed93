package io.orchestrator.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;

/** One way to do the same thing, and what it took. Not thread-safe. */
final class Contender {
    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final String name;
    private final Task task;
    private final Samples nanos = new Samples();
    private long cpuNanos;
    private long calls;

    Contender(String name, Task task) {
        this.name = name;
        this.task = task;
    }

    /** What is measured, in as many calls as one measurement has. */
    @FunctionalInterface
    interface Task {
        /**
         * Does the calls and reports the nanoseconds of each; what it does outside those is not measured.
         *
         * @return the CPU nanoseconds of this process during the calls
         */
        long run(int calls, LongConsumer took);
    }

    String name() {
        return name;
    }

    Samples nanos() {
        return nanos;
    }

    /** The CPU time of this whole process, collector and compiler included; in steps of 10 ms, which averages out. */
    static long processCpuNanos() {
        return PROCESS.getProcessCpuTime();
    }

    double cpuMicrosPerCall() {
        return cpuNanos / 1e3 / calls;
    }

    private void measure(int count, boolean warmUp) {
        long cpu = task.run(count, took -> {
            if (!warmUp) {
                nanos.add((double) took);
            }
        });
        if (!warmUp) {
            cpuNanos += cpu;
            calls += count;
        }
    }

    /**
     * Runs one round: each pass takes the contenders in an order and then in the reverse one (ABBA), and the next pass
     * begins with the next contender, so that a drift of the machine hits all of them alike.
     */
    static void round(List<Contender> contenders, int passes, int callsPerTurn, boolean warmUp) {
        if (!warmUp) {
            contenders.forEach(contender -> contender.nanos.beginRound());
        }
        for (int pass = 0; pass < passes; pass++) {
            List<Contender> order = new ArrayList<>(contenders);
            Collections.rotate(order, -pass);
            order.forEach(contender -> contender.measure(callsPerTurn, warmUp));
            Collections.reverse(order);
            order.forEach(contender -> contender.measure(callsPerTurn, warmUp));
        }
    }
}
