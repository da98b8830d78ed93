/** Containers through the public interfaces, on fake nodes. */
@NullMarked
package io.orchestrator.container;

import org.jspecify.annotations.NullMarked;
