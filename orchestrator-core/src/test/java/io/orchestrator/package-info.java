/** What composing a control plane takes and gives back. */
@NullMarked
package io.orchestrator;

import org.jspecify.annotations.NullMarked;
