/** Tests of the arithmetic; the benchmarks themselves are run by hand. */
@NullMarked
package io.orchestrator.benchmarks;

import org.jspecify.annotations.NullMarked;
