/** Nodes through the public interface, on fake nodes. */
@NullMarked
package io.orchestrator.node;

import org.jspecify.annotations.NullMarked;
