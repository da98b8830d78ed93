/** Tests of the parts of the driver. */
@NullMarked
package io.orchestrator.internal.operation;

import org.jspecify.annotations.NullMarked;
