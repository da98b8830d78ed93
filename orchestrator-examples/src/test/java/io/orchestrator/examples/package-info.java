/** Rules for all of the examples. */
@NullMarked
package io.orchestrator.examples;

import org.jspecify.annotations.NullMarked;
