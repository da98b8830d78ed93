/** Which node takes a container, and why others do not. */
@NullMarked
package io.orchestrator.placement;

import org.jspecify.annotations.NullMarked;
