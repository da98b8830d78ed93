/** The store that forgets everything with its process: for tests, for trying out, and where adoption by labels is enough. */
@NullMarked
package io.orchestrator.store.memory;

import org.jspecify.annotations.NullMarked;
