package io.orchestrator.internal.shell;

/** What a shell does in a new terminal before it becomes the command. */
public final class TerminalScript {
    /**
     * Waits until the terminal has its first size, which is set from outside once a process runs in it.
     *
     * <p>The shell must not set it: that could undo a resize that came meanwhile. At most 1,000 looks, a second or more; then
     * the command begins and learns of the size by SIGWINCH. Where {@code stty} is missing, it begins at once.
     */
    public static final String AWAIT_SIZE =
            "orchestrator_looks=0; while [ $orchestrator_looks -lt 1000 ] && [ \"$(stty size 2>/dev/null)\" = '0 0' ];"
                    + " do orchestrator_looks=$((orchestrator_looks + 1)); done";

    private TerminalScript() {}
}
