package io.orchestrator.testing;

/**
 * A call that reached a fake node's door, whether or not it was let in.
 *
 * @param verb what was asked
 * @param installation who asked
 * @param subject the engine id, name, volume or image it was about; empty for probes and lists
 */
public record FakeCall(FakeVerb verb, String installation, String subject) {}
