package io.orchestrator.service;

import io.orchestrator.spi.HostRuntime;
import java.net.http.HttpClient;

/**
 * What clients run on. Both parts belong to the orchestrator: a client uses and never closes them.
 *
 * @param runtime time, threads and waiting
 * @param http one client for all services of a {@link ServiceLaunchers}, HTTP/1.1, never following a redirect. A JDK 17
 *     client has no close: its one selector thread ends with the collection after the last use
 */
public record ServiceHost(HostRuntime runtime, HttpClient http) {}
