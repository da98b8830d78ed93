package io.orchestrator.container;

/**
 * What a container may use at most.
 *
 * @param cpus processors, 0.01 to 1024
 * @param memoryMib memory in MiB, 6 (the least an engine takes) to 16777216
 * @param pids processes and threads, 1 to 32768
 */
public record ResourceLimits(double cpus, long memoryMib, int pids) {
    public ResourceLimits {
        SpecLimits.range("cpus", cpus, 0.01, 1_024);
        SpecLimits.range("memory in MiB", (double) memoryMib, 6, 16_777_216);
        SpecLimits.range("pids", pids, 1, 32_768);
    }

    /** Processors in thousandths, rounded up. */
    public long cpuMillis() {
        return (long) Math.ceil(cpus * 1_000);
    }
}
