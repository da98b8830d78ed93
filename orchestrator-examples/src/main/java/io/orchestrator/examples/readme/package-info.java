/** The README's examples, so that they are compiled and run. */
@NullMarked
package io.orchestrator.examples.readme;

import org.jspecify.annotations.NullMarked;
