/** What the documents say, compiled and run. */
@NullMarked
package io.orchestrator.examples.readme;

import org.jspecify.annotations.NullMarked;
