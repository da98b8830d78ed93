package io.orchestrator.transport.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The shell that runs one container's main process and outlives this JVM: it writes down who it is, runs the process and
 * writes down how it ended. Its notes are lines that the shell writes itself, whole: a helper process could be killed.
 * Its helpers do not carry the container's marker.
 *
 * <p>It runs the main process in its foreground and handles every signal itself only after that: it must survive what is
 * sent to all, and a background process of a shell could never be ended by SIGINT. A stop signals the main process, which
 * is the wrapper's child, itself. Pipes lead the output through {@code split}, which writes what it reads at once and
 * begins a new file every 32 MiB.
 */
final class Wrapper {
    /** Each output file holds that much; one full file is kept beside the one that is being written. */
    static final int SEGMENT_BYTES = 32 << 20;

    /** The digits of a segment's number. */
    static final int SEGMENT_DIGITS = 9;

    /**
     * Begins a session of its own in a process that is not this JVM's child, so that no thread here waits for it. Not as a
     * shell's background process: that ignores SIGINT, and so would all that it starts.
     */
    private static final String DETACH = CommandScript.DEFAULT_SIGNALS + "exec setsid -f $reset /bin/sh -c \"$@\"";

    private static final String WRAPPER =
            """
            dir=$1 run=$1/run-$2 cwd=$3 out=$4 err=$5 output=$6
            umask 077
            exec >> "$run/wrapper.log" 2>&1
            mark=$ORCHESTRATOR_CONTAINER
            unset ORCHESTRATOR_CONTAINER
            [ -e "$dir/removed" ] && exit 0
            mkdir "$run/started" || exit 0
            trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE
            read -r line < /proc/$$/stat
            set -- ${line##*) }
            read -r boot < /proc/sys/kernel/random/boot_id
            echo "$$ ${20} $boot" > "$run/pid" || exit 1
            rm -rf "$dir/tmpfs"
            mkfifo "$run/out" "$run/err" || exit 1
            exec 3<>"$run/out" 4<"$run/out" 5>"$run/out" 3>&-
            exec 3<>"$run/err" 6<"$run/err" 7>"$run/err" 3>&-
            rm -f "$run/out" "$run/err"
            ORCHESTRATOR_OUTPUT=$mark /bin/sh -c "$output" output "$dir/stdout" "$out" \
                <&4 4<&- 5>&- 6<&- 7>&- &
            ORCHESTRATOR_OUTPUT=$mark /bin/sh -c "$output" output "$dir/stderr" "$err" \
                <&6 4<&- 5>&- 6<&- 7>&- &
            exec 4<&- 6<&-
            (
                read -r line < /proc/self/stat
                pid=${line%% *}
                set -- ${line##*) }
                echo "$pid ${20} $boot" > "$run/main"
                export ORCHESTRATOR_CONTAINER="$mark"
                umask 022
                mkdir -p "$cwd"
                cd "$cwd" && . "$run/command"
            ) </dev/null >&5 2>&7 5>&- 7>&-
            echo $? > "$run/exit"
            exec 5>&- 7>&-
            rm -rf "$dir/tmpfs"
            wait
            mkdir "$run/drained"
            """;

    private static final String OUTPUT =
            """
            export SHELL=/bin/sh
            exec split -b %d -a %d --numeric-suffixes="$2" \
                --filter='set -- "${FILE%%.*}".*; while [ $# -gt 1 ]; do rm -f "$1"; shift; done; exec cat > "$FILE"' \
                - "$1."
            """
                    .formatted(SEGMENT_BYTES, SEGMENT_DIGITS);

    private Wrapper() {}

    /** Starts the wrapper of a run and returns at once; a second one for the same run ends without doing anything. */
    static void start(ContainerHome home, int run, String workingDirectory) throws IOException {
        List<String> words = List.of(
                "/bin/sh",
                "-c",
                DETACH,
                "detach",
                WRAPPER,
                "wrapper",
                home.path().toString(),
                Integer.toString(run),
                workingDirectory,
                Integer.toString(Segments.last(home.path(), Segments.STDOUT) + 1),
                Integer.toString(Segments.last(home.path(), Segments.STDERR) + 1),
                OUTPUT);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(home.path().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", CommandScript.STANDARD_PATH);
        environment.put(Marker.CONTAINER, Marker.run(home.engineId(), run));
        builder.start();
    }

    /** What the wrapper's own tools complained about. */
    static Path complaints(ContainerHome home, int run) {
        return home.run(run).resolve("wrapper.log");
    }
}
