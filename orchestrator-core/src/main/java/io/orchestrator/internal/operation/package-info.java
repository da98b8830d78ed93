/** The driver: runs the steps of every operation, each outcome committed before the next step. */
@NullMarked
package io.orchestrator.internal.operation;

import org.jspecify.annotations.NullMarked;
