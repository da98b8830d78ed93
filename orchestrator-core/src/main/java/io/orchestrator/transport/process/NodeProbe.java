package io.orchestrator.transport.process;

import io.orchestrator.node.NodeReport;
import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.spi.HostRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells whether this machine can play a node, and what it is. */
final class NodeProbe {
    private static final List<String> TOOLS = List.of("sh", "setsid", "split", "cat", "mkfifo", "mv", "mkdir", "rm");
    private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s+([0-9]+) kB");

    private final Layout layout;
    private final HostRuntime runtime;
    private final ProcessTable processes;
    /** The probes that wait for the look that is under way; guards itself and {@link #looking}. */
    private final List<CompletableFuture<NodeReport>> waiting = new ArrayList<>();

    private boolean looking;

    NodeProbe(Layout layout, HostRuntime runtime, ProcessTable processes) {
        this.layout = layout;
        this.runtime = runtime;
        this.processes = processes;
    }

    /** Probes that come while a look is under way share it: a look that hangs on a dead disk holds one thread, no more. */
    CompletableFuture<NodeReport> report(CallContext call) {
        CompletableFuture<NodeReport> answer = new CompletableFuture<>();
        if (call.cancelled() || call.expired()) {
            fail(answer, call);
            return answer;
        }
        Runnable forget = call.onCancel(() -> fail(answer, call));
        Runnable disarm = runtime.schedule(call.remaining(), () -> fail(answer, call));
        var unused = answer.whenComplete((report, failure) -> {
            forget.run();
            disarm.run();
        });
        boolean begin;
        synchronized (waiting) {
            waiting.removeIf(CompletableFuture::isDone);
            waiting.add(answer);
            begin = !looking;
            looking = true;
        }
        if (begin) {
            try {
                runtime.execute("probe", this::lookForAll);
            } catch (Throwable failure) {
                answerAll(waits -> waits.completeExceptionally(failure));
            }
        }
        return answer;
    }

    private void lookForAll() {
        try {
            NodeReport report = look();
            answerAll(answer -> answer.complete(report));
        } catch (Throwable failure) {
            answerAll(answer -> answer.completeExceptionally(failure));
        }
    }

    private void answerAll(Consumer<CompletableFuture<NodeReport>> end) {
        List<CompletableFuture<NodeReport>> answers;
        synchronized (waiting) {
            looking = false;
            answers = List.copyOf(waiting);
            waiting.clear();
        }
        answers.forEach(end);
    }

    private static void fail(CompletableFuture<NodeReport> answer, CallContext call) {
        answer.completeExceptionally(new OrchestratorException(
                call.cancelled() ? ErrorCode.CANCELLED : ErrorCode.DEADLINE_EXCEEDED,
                "the probe of this machine did not end in time"));
    }

    private NodeReport look() {
        processes.bootId();
        Disk.makeDirectories(layout.containers());
        if (!Files.isWritable(layout.containers())) {
            throw unfit("directory '" + layout.containers() + "' may not be written");
        }
        TOOLS.stream().filter(tool -> !isInstalled(tool)).findFirst().ifPresent(tool -> {
            throw unfit("'" + tool + "' is not installed, or only as a part of busybox");
        });
        Set<String> abilities = new TreeSet<>(Set.of("exec", "logs", "volumes", "unisolated"));
        if (Terminals.areAvailable()) {
            abilities.add("terminal");
        }
        return new NodeReport(
                "dev-process",
                firstLine("/proc/sys/kernel/arch"),
                Runtime.getRuntime().availableProcessors(),
                memoryMib(),
                abilities);
    }

    private static boolean isInstalled(String tool) {
        for (String directory : CommandScript.STANDARD_PATH.split(":", -1)) {
            Path file = Path.of(directory, tool);
            try {
                if (Files.isExecutable(file)) {
                    // busybox has a split of its own, which cannot hand its output on
                    return !(tool.equals("split") && file.toRealPath().endsWith("busybox"));
                }
            } catch (IOException raced) {
                return false;
            }
        }
        return false;
    }

    private static OrchestratorException unfit(String why) {
        return new OrchestratorException(ErrorCode.UNSUPPORTED, "this machine cannot play containers: " + why);
    }

    private static long memoryMib() {
        try {
            Matcher total = MEMORY.matcher(Files.readString(Path.of("/proc/meminfo")));
            return total.find() ? Long.parseLong(total.group(1)) / 1_024 : 0;
        } catch (IOException unknown) {
            return 0;
        }
    }

    private static String firstLine(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException olderKernel) {
            return "unknown";
        }
    }
}
