package io.orchestrator.transport.process;

import io.orchestrator.spi.ObservedContainer.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The directory of one container: {@code meta.json}, {@code root/}, {@code tmpfs/}, the output, and {@code run-<n>/} for each
 * start. A run directory holds {@code started/}, made by the one wrapper that may run it, then {@code pid}, {@code main},
 * {@code exit}, then {@code drained/}.
 */
record ContainerHome(Path path, String engineId) {
    private static final String RUN = "run-";
    private static final int SMALL_FILE = 1_024;

    Path meta() {
        return path.resolve("meta.json");
    }

    /** Where the container's processes begin. */
    Path root() {
        return path.resolve("root");
    }

    Path tmpfs() {
        return path.resolve("tmpfs");
    }

    /** Once it exists, no run begins any more. */
    Path removed() {
        return path.resolve("removed");
    }

    Path run(int number) {
        return path.resolve(RUN + number);
    }

    /** Whether all output of the run is in the files. */
    boolean drained(int run) {
        return Files.exists(run(run).resolve("drained"));
    }

    /** The state of the latest run that began. */
    Run observe(ProcessTable processes) {
        int number = lastRun();
        if (number == 0) {
            return new Run(0, Phase.CREATED, OptionalInt.empty(), Optional.empty());
        }
        try {
            return observe(number, processes);
        } catch (IOException failure) {
            throw Disk.failed("reading the state of container '" + engineId + "'", failure);
        }
    }

    private Run observe(int number, ProcessTable processes) throws IOException {
        // a wrapper writes pid and exit code while it lives: what is read after it was seen dead is final
        for (int look = 1; ; look++) {
            Optional<String> pid = note(number, "pid");
            Optional<ProcessTable.Entry> wrapper = pid.flatMap(processes::alive);
            Optional<String> exit = note(number, "exit");
            if (exit.isPresent()) {
                return new Run(number, Phase.EXITED, parsed(exit.get()), wrapper);
            }
            boolean begins = wrapper.isEmpty()
                    && pid.isEmpty()
                    && !processes
                            .marked(Marker.CONTAINER, Marker.run(engineId, number)::equals)
                            .isEmpty();
            if (wrapper.isPresent() || begins) {
                return new Run(number, Phase.RUNNING, OptionalInt.empty(), wrapper);
            }
            if (look == 2) {
                return new Run(number, Phase.EXITED, OptionalInt.empty(), wrapper);
            }
        }
    }

    /** The container's main process, once it is there and while it lives. */
    Optional<ProcessTable.Entry> main(int number, ProcessTable processes) {
        try {
            return note(number, "main").flatMap(processes::alive).filter(process -> Marker.run(engineId, number)
                    .equals(process.markers().get(Marker.CONTAINER)));
        } catch (IOException failure) {
            throw Disk.failed("reading the state of container '" + engineId + "'", failure);
        }
    }

    /** What the wrapper wrote; a note without its line end is being written. */
    private Optional<String> note(int number, String name) throws IOException {
        return Disk.read(run(number).resolve(name), SMALL_FILE).filter(line -> line.endsWith("\n"));
    }

    private static OptionalInt parsed(String exit) {
        try {
            return OptionalInt.of(Integer.parseInt(exit.trim()));
        } catch (NumberFormatException damaged) {
            return OptionalInt.empty();
        }
    }

    private int lastRun() {
        int last = 0;
        for (Path entry : Disk.entries(path)) {
            String name = entry.getFileName().toString();
            if (name.matches(RUN + "[0-9]{1,9}") && Files.exists(entry.resolve("started"))) {
                last = Math.max(last, Integer.parseInt(name.substring(RUN.length())));
            }
        }
        return last;
    }

    /**
     * What is seen of a container.
     *
     * @param number which run, from 1; 0 if it never ran
     * @param phase where it is in its life
     * @param exitCode if it is known
     * @param wrapper the process that waits for the main process; it lives a moment longer than that
     */
    record Run(int number, Phase phase, OptionalInt exitCode, Optional<ProcessTable.Entry> wrapper) {
        boolean running() {
            return phase == Phase.RUNNING;
        }

        String reason() {
            return phase == Phase.EXITED && exitCode.isEmpty() ? "it ended without leaving an exit code" : "";
        }
    }
}
