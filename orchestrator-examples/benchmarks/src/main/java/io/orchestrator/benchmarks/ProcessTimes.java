package io.orchestrator.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What every process has used of the processors so far, from {@code /proc} (see proc(5)), in clock ticks.
 *
 * @param total all time of all processors, idle or not
 * @param idle what nobody used
 * @param stolen what the hypervisor gave to other machines
 * @param processes by process id
 */
record ProcessTimes(long total, long idle, long stolen, Map<Long, Entry> processes) {
    private static final Path PROC = Path.of("/proc");
    /** Fields of {@code stat} after the name, which may itself hold spaces and brackets. */
    private static final int PARENT = 1;

    private static final int USER = 11;
    private static final int SYSTEM = 12;
    private static final int CHILDREN_USER = 13;
    private static final int CHILDREN_SYSTEM = 14;
    private static final int STARTED = 19;

    /** One process; {@code children} are those that ended and were waited for. */
    record Entry(long parent, String name, long started, long self, long children) {}

    static ProcessTimes now() {
        Map<Long, Entry> processes = new TreeMap<>();
        try (var files = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path directory : files) {
                read(directory, processes);
            }
            // cpu user nice system idle iowait irq softirq steal guest guest_nice; the guests are in user and nice
            String[] cpu = Files.readAllLines(PROC.resolve("stat")).get(0).split(" +", -1);
            long total = 0;
            for (int i = 1; i <= 8; i++) {
                total += Long.parseLong(cpu[i]);
            }
            return new ProcessTimes(
                    total, Long.parseLong(cpu[4]) + Long.parseLong(cpu[5]), Long.parseLong(cpu[8]), processes);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void read(Path directory, Map<Long, Entry> processes) {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            int nameEnd = stat.lastIndexOf(')');
            String[] fields = stat.substring(nameEnd + 2).split(" ", -1);
            processes.put(
                    Long.parseLong(directory.getFileName().toString()),
                    new Entry(
                            Long.parseLong(fields[PARENT]),
                            stat.substring(stat.indexOf('(') + 1, nameEnd),
                            Long.parseLong(fields[STARTED]),
                            Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]),
                            Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM])));
        } catch (IOException ended) {
            // it is in what its parent's ended children used
        }
    }

    /** The process, if it is still the same one. */
    private boolean has(long id, Entry process) {
        Entry mine = processes.get(id);
        return mine != null && mine.started() == process.started();
    }

    /** What each process, with its children that ended, used since the earlier reading; by process id. */
    Map<Long, Long> usedSince(ProcessTimes earlier) {
        Map<Long, Long> used = new TreeMap<>();
        processes.forEach((id, after) -> {
            Entry before = earlier.has(id, after) ? earlier.processes.get(id) : null;
            long self = after.self() - (before == null ? 0 : before.self());
            long ended = after.children() - (before == null ? 0 : before.children() + earlier.endedBelow(id, this));
            // pid 1 inherits the orphans of everybody
            used.put(id, self + (id == 1 ? 0 : Math.max(0, ended)));
        });
        return used;
    }

    /** What those had used by now who end before the later reading and whose nearest surviving ancestor that process is. */
    private long endedBelow(long survivor, ProcessTimes later) {
        long sum = 0;
        for (Map.Entry<Long, Entry> child : processes.entrySet()) {
            Entry entry = child.getValue();
            if (entry.parent() == survivor && !later.has(child.getKey(), entry)) {
                sum += entry.self() + entry.children() + endedBelow(child.getKey(), later);
            }
        }
        return sum;
    }

    /** Whether it is a thread of the kernel; these descend from pid 2. */
    boolean kernel(long id) {
        Entry entry = processes.get(id);
        return id == 2 || (entry != null && entry.parent() == 2);
    }

    /** Those processes and all that descend from them. */
    Set<Long> trees(List<Long> roots) {
        Set<Long> found = new HashSet<>(roots);
        for (boolean grew = true; grew; ) {
            List<Long> more = new ArrayList<>();
            processes.forEach((id, entry) -> {
                if (!found.contains(id) && found.contains(entry.parent())) {
                    more.add(id);
                }
            });
            grew = found.addAll(more);
        }
        return found;
    }

    /** The roots of the engine: its daemon, or the small init above it that reaps its children, and every shim. */
    List<Long> engine(String socket) {
        List<Long> roots = new ArrayList<>();
        processes.forEach((id, entry) -> {
            if (entry.name().startsWith("containerd-shim")) {
                roots.add(id);
            } else if (entry.name().equals("dockerd") && arguments(id).contains(socket)) {
                Entry parent = processes.get(entry.parent());
                boolean reaper = parent != null && Set.of("docker-init", "tini").contains(parent.name());
                roots.add(reaper ? entry.parent() : id);
            }
        });
        return roots;
    }

    private static String arguments(long id) {
        try {
            return Files.readString(PROC.resolve(Long.toString(id)).resolve("cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }
}
