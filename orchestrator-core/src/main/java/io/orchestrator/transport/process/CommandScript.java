package io.orchestrator.transport.process;

import io.orchestrator.security.Secret;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes the shell script that turns a shell into a command with an environment.
 *
 * <p>A script in a private file, because what stands on a command line can be read by every user of the machine.
 */
final class CommandScript {
    static final String STANDARD_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /**
     * Lets the variable {@code reset} undo that this JVM ignores SIGINT, as one does that was started in the background: no
     * shell can. Coreutils before 8.31 cannot either.
     */
    static final String DEFAULT_SIGNALS =
            """
            reset='env --default-signal=INT,QUIT'
            $reset true 2>/dev/null || reset=
            """;

    private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    // a shell refuses, changes or acts on an assignment to these
    private static final Pattern SHELLS_OWN = Pattern.compile(
            "_|IFS|PS[0-9]|PPID|E?UID|GROUPS|OPT(IND|ARG|ERR)|LINENO|S?RANDOM|SECONDS|EPOCH.*|BASH.*|SHELLOPTS|DIRSTACK"
                    + "|FUNCNAME|HISTCMD|PIPESTATUS");

    private final StringBuilder text = new StringBuilder();

    CommandScript line(String words) {
        text.append(words).append('\n');
        return this;
    }

    CommandScript makeDirectory(String path) {
        return line("mkdir -p " + quoted(path));
    }

    /** Ends the script: from here on the shell is the command. */
    String exec(SortedMap<String, Secret> environment, List<String> argv) {
        String shown = argv.stream().map(CommandScript::quoted).collect(Collectors.joining(" "));
        if (argv.get(0).startsWith("-")) {
            return line("echo " + quoted("'" + argv.get(0) + "' is no command") + " >&2")
                    .line("exit 127")
                    .text
                    .toString();
        }
        environment.forEach((variable, value) -> {
            if (isPlain(variable) && !Marker.isOurs(variable)) {
                line("export " + variable + "=" + quoted(value.reveal()));
            }
        });
        String odd = environment.entrySet().stream()
                .filter(entry -> !isPlain(entry.getKey()))
                .map(CommandScript::assignment)
                .collect(Collectors.joining(" "));
        return line("exec " + (odd.isEmpty() ? "" : "/usr/bin/env " + odd + " ") + shown)
                .text
                .toString();
    }

    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String assignment(Map.Entry<String, Secret> entry) {
        return quoted(entry.getKey() + "=" + entry.getValue().reveal());
    }

    private static boolean isPlain(String variable) {
        return SHELL_NAME.matcher(variable).matches()
                && !SHELLS_OWN.matcher(variable).matches();
    }
}
