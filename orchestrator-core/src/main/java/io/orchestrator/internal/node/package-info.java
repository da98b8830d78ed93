/** Nodes: their records, connections and probes, and the ledger of what is reserved on each. */
@NullMarked
package io.orchestrator.internal.node;

import org.jspecify.annotations.NullMarked;
