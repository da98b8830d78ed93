/** A complete control-plane server built from the library. */
@NullMarked
package io.orchestrator.examples.controlplane;

import org.jspecify.annotations.NullMarked;
