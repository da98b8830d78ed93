package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import java.util.List;
import java.util.Optional;

/** Kills every process in a container that carries a session's marker in its environment. */
final class ExecKiller {
    /** How it ended. */
    enum Outcome {
        /** None is left. */
        NONE_LEFT,
        /** The container has no shell to look with. */
        NO_SHELL,
        /** Some could not be killed in time. */
        SOME_LEFT
    }

    /**
     * Only built-ins, since what a shell starts would be one more process to look at, and images have little else. A
     * shell's {@code read} drops the NUL between two variables, so the marker is looked for anywhere in a line. Two
     * passes in a row must find nothing: a process that is just being executed has no environment for a moment.
     */
    private static final String SCRIPT = "exec 2>/dev/null; clean=0; pass=0; "
            + "while [ $pass -lt 5000 ]; do pass=$((pass+1)); found=0; "
            + "for p in /proc/[0-9]*; do "
            + "while IFS= read -r line || [ -n \"$line\" ]; do "
            + "case $line in *\"$1\"*) found=1; kill -9 \"${p#/proc/}\"; break;; esac; "
            + "done <\"$p/environ\"; "
            + "done; "
            + "if [ $found = 0 ]; then clean=$((clean+1)); else clean=0; fi; "
            + "if [ $clean = 2 ]; then exit 0; fi; "
            + "done; exit 1";

    private final Execs execs;
    private final String container;
    private final Optional<String> user;
    private final String marker;

    /** @param user of the session: not even root may look into another user's processes without a capability for it */
    ExecKiller(Execs execs, String container, Optional<String> user, String marker) {
        this.execs = execs;
        this.container = container;
        this.user = user;
        this.marker = marker;
    }

    /** Returns once none is left or the call's deadline passed. The marker goes in as an argument: the killer lacks it. */
    Outcome kill(CallContext call) {
        try {
            int exitCode = execs.run(call, container, user, List.of("sh", "-c", SCRIPT, "sh", marker));
            if (exitCode == 0) {
                return Outcome.NONE_LEFT;
            }
            return exitCode == 126 || exitCode == 127 ? Outcome.NO_SHELL : Outcome.SOME_LEFT;
        } catch (OrchestratorException failure) {
            if (failure.code() == ErrorCode.NOT_FOUND || failure.code() == ErrorCode.CONFLICT) {
                // a container that does not run holds no process
                return Outcome.NONE_LEFT;
            }
            throw failure;
        }
    }
}
