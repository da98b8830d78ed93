/** Interactive terminals between a client and a running container, byte for byte, with back-pressure both ways. */
@NullMarked
package io.orchestrator.terminal;

import org.jspecify.annotations.NullMarked;
