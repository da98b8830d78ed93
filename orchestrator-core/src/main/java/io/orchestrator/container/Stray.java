package io.orchestrator.container;

import io.orchestrator.node.NodeId;

/**
 * A container that carries this installation's label and that no record explains.
 *
 * @param node where it is
 * @param engineId the engine's id
 * @param name the engine name
 * @param running whether it runs
 * @param reason what does not fit, for a person
 */
public record Stray(NodeId node, String engineId, String name, boolean running, String reason) {}
