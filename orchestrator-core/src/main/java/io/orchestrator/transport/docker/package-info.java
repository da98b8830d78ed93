/** Runs containers on a Docker engine, through a small client of its own for the engine's HTTP API. */
@NullMarked
package io.orchestrator.transport.docker;

import org.jspecify.annotations.NullMarked;
