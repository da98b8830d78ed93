/** The built-in placement strategies. */
@NullMarked
package io.orchestrator.placement;

import org.jspecify.annotations.NullMarked;
