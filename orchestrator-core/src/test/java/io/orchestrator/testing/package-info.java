/** Shows that the fakes keep the contracts. */
@NullMarked
package io.orchestrator.testing;

import org.jspecify.annotations.NullMarked;
