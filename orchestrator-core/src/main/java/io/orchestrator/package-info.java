/** The composition root: where a host puts the parts of its control plane together. */
@NullMarked
package io.orchestrator;

import org.jspecify.annotations.NullMarked;
