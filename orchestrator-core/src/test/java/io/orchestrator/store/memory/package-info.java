/** Tests of the store in the heap. */
@NullMarked
package io.orchestrator.store.memory;

import org.jspecify.annotations.NullMarked;
