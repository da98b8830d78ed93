package io.orchestrator.transport.docker;

import io.orchestrator.operation.CallContext;
import io.orchestrator.operation.ErrorCode;
import io.orchestrator.operation.OrchestratorException;
import io.orchestrator.operation.OutcomeUnknownException;
import io.orchestrator.spi.Waiter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Kills every process in a container that carries a session's marker in its environment. */
final class ExecKiller {
    /** How one pass ended. */
    private enum Outcome {
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

    private static final Duration FIRST_PAUSE = Duration.ofMillis(2);
    private static final Duration FIRST_ROUND = Duration.ofMillis(250);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(4);

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

    /**
     * Kills until the engine tells how the command ended: it answers before it starts a command, and may start one whose
     * start nobody waits for any more, so a single pass can come too early. One that came before the command began is not
     * the last: the command may have ended since and left what it started.
     *
     * @throws OutcomeUnknownException if the command may still run, or may still begin
     */
    void killUntilEnded(CallContext call, String exec) {
        for (Duration round = FIRST_ROUND; ; round = shorter(round.multipliedBy(2), LONGEST_ROUND)) {
            boolean begun = is(call, exec, Execs.Status::begun);
            Outcome outcome = kill(call);
            if (outcome == Outcome.SOME_LEFT) {
                throw unconfirmed("some of its processes are still there", null);
            }
            if (awaitEnd(call, exec, round)) {
                if (begun) {
                    return;
                }
            } else if (outcome == Outcome.NO_SHELL) {
                throw unconfirmed("its container has no shell to kill it with", null);
            }
            call.check("end of the command");
        }
    }

    OutcomeUnknownException unconfirmed(String why, @Nullable OrchestratorException cause) {
        return new OutcomeUnknownException(
                "the end of the command in '" + container + "' is not confirmed: " + why + "; stop the container",
                cause);
    }

    /** Whether the command's first process ended within about that time. */
    private boolean awaitEnd(CallContext call, String exec, Duration round) {
        Waiter waiter = execs.client().runtime().waiter();
        for (Duration pause = FIRST_PAUSE; pause.compareTo(round) < 0; pause = pause.multipliedBy(2)) {
            if (is(call, exec, Execs.Status::ended)) {
                return true;
            }
            waiter.await(() -> false, shorter(pause, call.remaining()));
        }
        return is(call, exec, Execs.Status::ended);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether that holds of the command; of one that the engine does not know any more everything does. */
    private boolean is(CallContext call, String exec, Predicate<Execs.Status> state) {
        try {
            return state.test(execs.inspect(call, container, exec));
        } catch (OrchestratorException failure) {
            if (failure.code() == ErrorCode.NOT_FOUND) {
                return true;
            }
            throw failure;
        }
    }

    /** Returns once none is left or the call's deadline passed. The marker goes in as an argument: the killer lacks it. */
    private Outcome kill(CallContext call) {
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
