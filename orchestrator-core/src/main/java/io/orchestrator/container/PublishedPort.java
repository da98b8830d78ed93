package io.orchestrator.container;

/**
 * A port of a container as it is reached from outside.
 *
 * @param containerPort the port inside
 * @param protocol TCP or UDP
 * @param hostAddress the node's address that it is bound to
 * @param hostPort the port on the node
 */
public record PublishedPort(int containerPort, Protocol protocol, String hostAddress, int hostPort) {}
