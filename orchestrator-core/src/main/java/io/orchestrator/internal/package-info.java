/** What makes the interfaces work; not exported, no promise. */
@NullMarked
package io.orchestrator.internal;

import org.jspecify.annotations.NullMarked;
