/** Containers through the public interfaces, on fake nodes. */
@NullMarked
package io.orchestrator.operation;

import org.jspecify.annotations.NullMarked;
