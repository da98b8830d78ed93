/** Values that must not leak. */
@NullMarked
package io.orchestrator.security;

import org.jspecify.annotations.NullMarked;
