/** The one place with clocks, threads, waits and randomness. */
@NullMarked
package io.orchestrator.internal.runtime;

import org.jspecify.annotations.NullMarked;
