/** Tests of local processes as containers. */
@NullMarked
package io.orchestrator.transport.process;

import org.jspecify.annotations.NullMarked;
