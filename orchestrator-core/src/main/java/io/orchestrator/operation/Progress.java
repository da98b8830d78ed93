package io.orchestrator.operation;

/**
 * One observation of an operation's advance.
 *
 * @param phase how far it came
 * @param detail what exactly, such as the step's name or how much of an image arrived; may be empty
 */
public record Progress(Phase phase, String detail) {}
