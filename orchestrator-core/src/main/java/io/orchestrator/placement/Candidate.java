package io.orchestrator.placement;

import io.orchestrator.node.NodeState;

/**
 * A node that can take the container, with what is reserved on it.
 *
 * @param node the node
 * @param containers how many containers are reserved on it
 * @param reservedCpuMillis processors reserved, in thousandths
 * @param reservedMemoryMib memory reserved, in MiB
 */
public record Candidate(NodeState node, int containers, long reservedCpuMillis, long reservedMemoryMib) {}
