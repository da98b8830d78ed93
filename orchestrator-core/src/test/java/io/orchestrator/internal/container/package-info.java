/** Tests of what stands behind a container's handle. */
@NullMarked
package io.orchestrator.internal.container;

import org.jspecify.annotations.NullMarked;
