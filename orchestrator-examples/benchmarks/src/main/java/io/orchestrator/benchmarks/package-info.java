/** Measures what the library costs beside its peers: every figure is a ratio of two medians taken in one run. */
@NullMarked
package io.orchestrator.benchmarks;

import org.jspecify.annotations.NullMarked;
