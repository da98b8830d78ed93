package io.orchestrator.transport.process;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.security.Secret;
import io.orchestrator.transport.process.ContainerHome.Run;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Starts and ends the processes of containers. Stateless and thread-safe: what is true is read from disk and {@code /proc}. */
final class Supervisor {
    private static final Duration BEGIN = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(2);
    private static final Duration KILL = Duration.ofSeconds(10);

    private final ProcessTable processes;
    private final TreeKiller killer;

    Supervisor(ProcessTable processes, TreeKiller killer) {
        this.processes = processes;
        this.killer = killer;
    }

    /** Begins a run, unless one is under way. */
    void start(CallContext call, ContainerHome home, ContainerMeta meta, Runnable checkPorts) {
        Run before = home.observe(processes);
        if (before.running()) {
            return;
        }
        if (before.number() > 0) {
            endTree(call, home, before);
        }
        checkCommand(home, meta);
        try {
            checkPorts.run();
        } catch (OrchestratorException taken) {
            if (home.observe(processes).running()) {
                return; // another caller was quicker, and it is this container that uses the port
            }
            throw taken;
        }
        int number = before.number() + 1;
        call.check("start of '" + home.engineId() + "'");
        try {
            Disk.makeDirectories(home.run(number));
            CommandScript script = new CommandScript();
            meta.tmpfs().forEach(script::makeDirectory);
            Disk.write(home.run(number).resolve("command"), script.exec(meta.environment(), meta.argv()));
            Wrapper.start(home, number, meta.workingDirectory());
        } catch (IOException failure) {
            throw gone(home) ? notFound(home) : Disk.failed("start of '" + home.engineId() + "'", failure);
        }
        awaitBegin(call, home, number);
    }

    private void awaitBegin(CallContext call, ContainerHome home, int number) {
        boolean begun = killer.until(call, BEGIN, () -> {
            Run now = home.observe(processes);
            return (now.number() >= number && (now.wrapper().isPresent() || !now.running())) || gone(home);
        });
        if (gone(home)) {
            throw notFound(home);
        }
        if (!begun && (call.cancelled() || call.expired())) {
            throw new OutcomeUnknownException(
                    "start of '" + home.engineId() + "' was not confirmed before its deadline; inspect it", null);
        }
        if (!begun) {
            throw new OrchestratorException(
                    ErrorCode.ENGINE_ERROR,
                    "start of '" + home.engineId() + "' had no effect; are sh and setsid installed? "
                            + complaint(home, number));
        }
    }

    private static String complaint(ContainerHome home, int number) {
        try {
            String text = Disk.read(Wrapper.complaints(home, number), 65_536).orElse("");
            return text.substring(0, Math.min(200, text.length())).strip();
        } catch (IOException unreadable) {
            return "";
        }
    }

    /** Sends the stop signal to the main process, waits for the grace, kills what is left, and returns when all is over. */
    void stop(CallContext call, ContainerHome home, ContainerMeta meta, Duration grace) {
        Run run = home.observe(processes);
        if (run.running() && !grace.isZero()) {
            askToEnd(call, home, meta.stopSignal(), run.number(), grace);
        }
        endTree(call, home, home.observe(processes));
    }

    private void askToEnd(CallContext call, ContainerHome home, String signal, int number, Duration grace) {
        boolean[] asked = {false};
        killer.until(call, grace, () -> {
            Run now = home.observe(processes);
            if (now.running() && !asked[0]) {
                // a wrapper that has just begun has no main process yet
                home.main(number, processes).ifPresent(main -> {
                    Signal.send(signal, main);
                    asked[0] = true;
                });
            }
            return !now.running();
        });
        if (call.cancelled()) {
            throw new OrchestratorException(
                    ErrorCode.CANCELLED, "stop of '" + home.engineId() + "' was cancelled while it waited");
        }
        if (call.expired()) {
            throw new OutcomeUnknownException(
                    "container '" + home.engineId() + "' did not end before the deadline of its stop", null);
        }
    }

    /** Kills everything at once. Afterwards no run can begin. */
    void end(CallContext call, ContainerHome home) {
        try {
            Files.createFile(home.removed());
        } catch (FileAlreadyExistsException again) {
            // an earlier remove did not come to its end
        } catch (IOException failure) {
            if (gone(home)) {
                return;
            }
            throw Disk.failed("remove of '" + home.engineId() + "'", failure);
        }
        Run run = home.observe(processes);
        endTree(call, home, new Run(Integer.MAX_VALUE, run.phase(), run.exitCode(), run.wrapper()));
    }

    /**
     * Kills what is left of all runs up to this one. The wrapper goes last: it writes down the exit code and sees to it
     * that the output is complete.
     */
    private void endTree(CallContext call, ContainerHome home, Run run) {
        run.wrapper()
                .ifPresent(wrapper -> killer.until(call, DRAIN, () -> {
                    List<ProcessTable.Entry> tree = marked(home, Marker.CONTAINER, run.number());
                    tree.removeIf(wrapper::isSame);
                    tree.forEach(processes::kill);
                    return processes.find(wrapper.pid()).filter(wrapper::isSame).isEmpty();
                }));
        boolean allDead = killer.untilNoneIsLeft(call, KILL, () -> {
            List<ProcessTable.Entry> rest = marked(home, Marker.CONTAINER, run.number());
            rest.addAll(marked(home, Marker.OUTPUT, run.number()));
            return rest;
        });
        if (!allDead) {
            throw new OutcomeUnknownException(
                    "processes of container '" + home.engineId() + "' were told to end but are not gone yet", null);
        }
    }

    private List<ProcessTable.Entry> marked(ContainerHome home, String marker, int lastRun) {
        return processes.marked(marker, value -> {
            int colon = value.indexOf(':');
            return colon > 0
                    && value.substring(0, colon).equals(home.engineId())
                    && value.substring(colon + 1).matches("[0-9]{1,9}")
                    && Integer.parseInt(value.substring(colon + 1)) <= lastRun;
        });
    }

    private static void checkCommand(ContainerHome home, ContainerMeta meta) {
        String program = meta.argv().get(0);
        Path directory = Path.of(meta.workingDirectory());
        Secret path = meta.environment().get("PATH");
        boolean found;
        if (program.contains("/")) {
            found = isProgram(directory.resolve(program));
        } else {
            found = path != null
                    && !program.isEmpty()
                    && !program.startsWith("-")
                    && List.of(path.reveal().split(":", -1)).stream()
                            .anyMatch(each -> isProgram(directory.resolve(each).resolve(program)));
        }
        if (!found) {
            throw new OrchestratorException(
                    ErrorCode.ENGINE_ERROR,
                    "container '" + home.engineId() + "' cannot run: its command is not a program of this machine");
        }
    }

    private static boolean isProgram(Path file) {
        return Files.isExecutable(file) && !Files.isDirectory(file);
    }

    private static boolean gone(ContainerHome home) {
        return Files.exists(home.removed()) || !Files.exists(home.meta());
    }

    static OrchestratorException notFound(ContainerHome home) {
        return OrchestratorException.notFound("container", home.engineId());
    }
}
