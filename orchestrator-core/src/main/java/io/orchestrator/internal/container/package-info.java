/** Containers: their records, the steps that change them, and the handles on them. */
@NullMarked
package io.orchestrator.internal.container;

import org.jspecify.annotations.NullMarked;
