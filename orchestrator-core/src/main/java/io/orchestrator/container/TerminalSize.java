package io.orchestrator.container;

/**
 * The size of a terminal in characters; values are clamped to 1 to 1000, as clients send any.
 *
 * @param columns the width
 * @param rows the height
 */
public record TerminalSize(int columns, int rows) {
    /** The size before a client tells its own. */
    public static final TerminalSize DEFAULT = new TerminalSize(80, 24);

    public TerminalSize {
        columns = Math.max(1, Math.min(1_000, columns));
        rows = Math.max(1, Math.min(1_000, rows));
    }

    public static TerminalSize of(int columns, int rows) {
        return new TerminalSize(columns, rows);
    }
}
