/** Fakes for the tests of whoever uses the library: nodes in memory whose faults are set at will, and a clock that is told. */
@NullMarked
package io.orchestrator.testing;

import org.jspecify.annotations.NullMarked;
