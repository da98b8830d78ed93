/**
 * A complete control-plane server: the routes of the original system on a small web server, over the library's public
 * interfaces only. {@link io.orchestrator.examples.controlplane.ControlPlaneServer} is where the library is put together.
 */
@NullMarked
package io.orchestrator.examples.controlplane;

import org.jspecify.annotations.NullMarked;
