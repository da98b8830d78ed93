/** Machines: registering them, watching them, and what is known of each. */
@NullMarked
package io.orchestrator.node;

import org.jspecify.annotations.NullMarked;
