/** Contract kits: what every implementation of an SPI must pass, and the runner that proves that a kit finds bugs. */
@NullMarked
package io.orchestrator.kit;

import org.jspecify.annotations.NullMarked;
