package io.orchestrator.transport.process;

import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * This machine's processes as {@code /proc} shows them (proc(5)).
 *
 * <p>A process is known by its pid and start time together, as pids are used again. Zombies do not count as alive.
 */
final class ProcessTable {
    private static final Path PROC = Path.of("/proc");
    private static final String PREFIX = "ORCHESTRATOR_";
    private static final int MAX_ENVIRONMENT = 16 << 20;
    // in /proc/<pid>/stat, counted from the state, which follows the name in parentheses
    private static final int PARENT = 1;
    private static final int START_TIME = 19;

    /**
     * A process.
     *
     * @param pid its number
     * @param startTime in clock ticks since the machine booted
     * @param parent the number of its parent
     * @param markers those of its variables that begin with {@code ORCHESTRATOR_}
     */
    record Entry(long pid, long startTime, long parent, Map<String, String> markers) {
        boolean isSame(Entry other) {
            return pid == other.pid && startTime == other.startTime && markers.equals(other.markers);
        }
    }

    /** Every living process whose marker of that name satisfies the condition. */
    List<Entry> marked(String marker, Predicate<String> value) {
        List<Entry> found = new ArrayList<>();
        for (Path entry : Disk.entries(PROC)) {
            String name = entry.getFileName().toString();
            if (Character.isDigit(name.charAt(0))) {
                find(Long.parseLong(name))
                        .filter(process -> process.markers().containsKey(marker)
                                && value.test(process.markers().get(marker)))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    /** The process if it lives and its environment may be read. */
    Optional<Entry> find(long pid) {
        Map<String, String> markers = markers(pid);
        return stat(pid)
                .map(fields ->
                        new Entry(pid, Long.parseLong(fields[START_TIME]), Long.parseLong(fields[PARENT]), markers));
    }

    /** The living process that wrote {@code <pid> <start time> <boot id>} of itself, if it is still the same one. */
    Optional<Entry> alive(String identity) {
        String[] parts = identity.trim().split(" ", -1);
        if (parts.length != 3 || !parts[0].matches("[0-9]{1,18}") || !parts[2].equals(bootId())) {
            return Optional.empty();
        }
        return find(Long.parseLong(parts[0]))
                .filter(process -> Long.toString(process.startTime()).equals(parts[1]));
    }

    /** {@code <pid>:<start time>} of this JVM. */
    String ourselves() {
        long pid = ProcessHandle.current().pid();
        return pid + ":" + find(pid).map(Entry::startTime).orElse(0L);
    }

    /** Whether the process that {@link #ourselves} described still lives. */
    boolean isAlive(String described) {
        String[] parts = described.split(":", -1);
        return parts.length == 2
                && parts[0].matches("[0-9]{1,18}")
                && stat(Long.parseLong(parts[0]))
                        .filter(fields -> fields[START_TIME].equals(parts[1]))
                        .isPresent();
    }

    /** Kills a process if it is still the one that was found. */
    void kill(Entry process) {
        ProcessHandle.of(process.pid())
                .filter(handle -> process.pid() != ProcessHandle.current().pid())
                .ifPresent(handle -> {
                    // the handle remembers the start time too and compares it once more
                    if (find(process.pid()).filter(process::isSame).isPresent()) {
                        handle.destroyForcibly();
                    }
                });
    }

    /** Fails on a machine that has no such table. */
    String bootId() {
        try {
            return Files.readString(PROC.resolve("sys/kernel/random/boot_id")).trim();
        } catch (IOException notLinux) {
            throw new OrchestratorException(
                    ErrorCode.UNSUPPORTED, "processes can play containers only on Linux, which has /proc", notLinux);
        }
    }

    private static Map<String, String> markers(long pid) {
        Map<String, String> markers = new TreeMap<>();
        try (InputStream in = Files.newInputStream(PROC.resolve(pid + "/environ"))) {
            String environment = new String(in.readNBytes(MAX_ENVIRONMENT), StandardCharsets.ISO_8859_1);
            if (environment.contains(PREFIX)) {
                for (String variable : environment.split("\0", -1)) {
                    int equals = variable.indexOf('=');
                    if (equals > 0 && variable.startsWith(PREFIX)) {
                        markers.put(variable.substring(0, equals), variable.substring(equals + 1));
                    }
                }
            }
        } catch (IOException endedOrNotOurs) {
            return Map.of();
        }
        return markers;
    }

    /** The fields from the state on; empty for what does not live. */
    private static Optional<String[]> stat(long pid) {
        try {
            String line = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            boolean dead = fields.length <= START_TIME || fields[0].equals("Z") || fields[0].equals("X");
            return dead ? Optional.empty() : Optional.of(fields);
        } catch (IOException ended) {
            return Optional.empty();
        }
    }
}
