package io.orchestrator.container;

/**
 * One line of output, without its line end; lines over 65,536 bytes come in pieces.
 *
 * @param stream where it was written
 * @param text decoded as UTF-8, malformed bytes replaced
 */
public record LogLine(StreamKind stream, String text) {}
