package io.orchestrator.transport.process;

import java.io.File;
import java.io.IOException;
import java.util.Map;

/** Sends any signal, which Java itself cannot. */
final class Signal {
    // the start time is compared in the very shell that sends: the pid may belong to another process by now
    private static final String SEND =
            """
            read -r line < "/proc/$1/stat" || exit 0
            name=$3 pid=$1 start=$2
            set -- ${line##*) }
            [ "${20}" = "$start" ] && kill -s "$name" "$pid"
            """;

    private Signal() {}

    /** Returns at once; nobody learns whether it arrived, which the process's end tells. */
    static void send(String signal, ProcessTable.Entry process) {
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        SEND,
                        "signal",
                        Long.toString(process.pid()),
                        Long.toString(process.startTime()),
                        signal.substring("SIG".length()))
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.clear();
        try {
            builder.start();
        } catch (IOException failure) {
            throw Disk.failed("sending '" + signal + "' to process " + process.pid(), failure);
        }
    }
}
