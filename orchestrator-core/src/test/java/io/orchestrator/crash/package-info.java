/** Control planes that die at every point of every operation, and what the next one makes of it. */
@NullMarked
package io.orchestrator.crash;

import org.jspecify.annotations.NullMarked;
