package io.orchestrator.testing;

import java.util.List;

/** A parsed script of the fake shell. */
sealed interface ShellScript {
    /** One after the other. */
    record Sequence(List<ShellScript> parts) implements ShellScript {}

    /** In a process of its own, not waited for. */
    record Background(ShellScript body) implements ShellScript {}

    /** The second only if the first succeeded, or only if it failed. */
    record Chain(ShellScript first, boolean ifSucceeded, ShellScript second) implements ShellScript {}

    /** While the condition succeeds, or until it does. */
    record Loop(ShellScript condition, boolean until, ShellScript body) implements ShellScript {}

    /** Once for each word. */
    record ForEach(String variable, List<Word> words, ShellScript body) implements ShellScript {}

    /** A command with its arguments; a leading {@code name=value} sets a variable. */
    record Simple(List<Word> words, List<Redirect> redirects) implements ShellScript {}

    /** A word before its variables are put in. */
    record Word(List<Part> parts) {
        /** The word's text if it has no variable and nothing was quoted, otherwise empty: what keywords are looked for in. */
        String plain() {
            return parts.size() == 1
                            && !parts.get(0).variable()
                            && !parts.get(0).quoted()
                    ? parts.get(0).text()
                    : "";
        }
    }

    /**
     * A part of a word.
     *
     * @param text itself, or the name of a variable
     */
    record Part(String text, boolean variable, boolean quoted) {}

    /**
     * Another place for one of the three streams.
     *
     * @param operator one of {@code <}, {@code >}, {@code >>}, {@code >&}
     */
    record Redirect(int descriptor, String operator, Word target) {}
}
