package io.orchestrator.node;

/**
 * What a registration did.
 *
 * @param node the node after its first probe
 * @param created false if the id was registered before and was updated
 */
public record Registration(NodeState node, boolean created) {}
