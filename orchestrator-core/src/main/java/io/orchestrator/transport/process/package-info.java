/** Containers played by plain processes of this Linux machine: for development, isolating nothing. */
@NullMarked
package io.orchestrator.transport.process;

import org.jspecify.annotations.NullMarked;
