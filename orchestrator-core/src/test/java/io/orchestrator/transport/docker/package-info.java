/** Tests of the Docker transport, on a scripted server for what goes wrong and on a real engine for what must go right. */
@NullMarked
package io.orchestrator.transport.docker;

import org.jspecify.annotations.NullMarked;
