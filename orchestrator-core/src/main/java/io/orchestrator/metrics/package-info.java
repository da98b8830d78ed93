/** The one place that knows Micrometer. */
@NullMarked
package io.orchestrator.metrics;

import org.jspecify.annotations.NullMarked;
