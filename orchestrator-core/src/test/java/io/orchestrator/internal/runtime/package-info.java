/** Tests of the production runtime. */
@NullMarked
package io.orchestrator.internal.runtime;

import org.jspecify.annotations.NullMarked;
