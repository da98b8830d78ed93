/** The one mechanism by which anything changes: records, operations made of named steps, and the errors every package uses. */
@NullMarked
package io.orchestrator.operation;

import org.jspecify.annotations.NullMarked;
