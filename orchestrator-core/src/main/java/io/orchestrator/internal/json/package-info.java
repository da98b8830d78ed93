/** Bounded JSON for what is stored. */
@NullMarked
package io.orchestrator.internal.json;

import org.jspecify.annotations.NullMarked;
