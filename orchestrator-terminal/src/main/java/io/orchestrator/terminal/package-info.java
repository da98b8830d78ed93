/** Interactive terminals between a client and a running container. */
@NullMarked
package io.orchestrator.terminal;

import org.jspecify.annotations.NullMarked;
