package io.orchestrator.container;

/** Which output stream bytes came from. A terminal has only {@link #STDOUT}. */
public enum StreamKind {
    STDOUT,
    STDERR
}
