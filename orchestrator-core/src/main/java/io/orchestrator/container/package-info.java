/** Containers: what one asks for, what was observed, and the live thing to command, read and enter. */
@NullMarked
package io.orchestrator.container;

import org.jspecify.annotations.NullMarked;
